//! The store's contract in SQL; what only one of the databases can do stands with its store.

use super::read::Read;
use super::{
    Own, case_lists, case_rows, derived, dialect, erase, event_log, kept, second_factor, verify,
};
use crate::{
    AccessRow, Append, AttachmentRow, Backup, CasePage, CaseProjection, CaseQuery, CaseRow, Change,
    Counts, Credential, Draft, EventFilter, Listener, Prints, Problem, Progress, Recorded, Report,
    Seal, SecondFactor, Sent, Store, StoreError, Viewer, Waiting, progress::counted,
};
use redress_domain::{
    event::{Event, EventBody},
    id::{AttachmentId, CaseId, DocumentId, PersonId},
};
use std::io::Write;

/// Raised whenever the derived tables are written differently: older ones are then rebuilt when opened.
pub const PROJECTIONS: i64 = 6;

type Answer<T> = Result<T, StoreError>;

impl Store for Own {
    async fn append(&self, all: Vec<Append>) -> Answer<()> {
        let mut tx = self.begin().await?;
        let mut change = Change {
            streams: Vec::with_capacity(all.len()),
            pos: 0,
        };
        let mut erased = false;
        for one in &all {
            let first = event_log::write(&mut tx, one, self.training()).await?;
            kept::write(&mut tx, one).await?;
            if let Some(p) = &one.projection {
                case_rows::write(&mut tx, p).await?;
            }
            let disposed = |e: &crate::NewEvent| matches!(e.event.body, EventBody::Disposed { .. });
            if let Some(id) = one.stream.strip_prefix("case:")
                && one.events.iter().any(disposed)
            {
                erase::case(&mut tx, id).await?;
                erased = true;
            }
            change.pos = first + counted(one.events.len()) - 1;
            change.streams.push(one.stream.clone());
        }
        self.finish(tx, change, erased).await
    }

    async fn clock_limit(&self) -> Answer<(i64, String)> {
        event_log::limit(&mut *self.readers().acquire().await?).await
    }

    async fn sent(&self, key: &str) -> Answer<Option<Sent>> {
        kept::sent(self.readers(), key).await
    }

    fn changes(&self) -> Listener {
        self.teller().listen()
    }

    async fn announce(&self, note: &str) -> Answer<()> {
        self.say(note).await
    }

    async fn house_version(&self) -> Answer<i64> {
        self.read_house_version().await
    }

    async fn stream_seq(&self, stream: &str) -> Answer<i64> {
        let sql = "SELECT coalesce(max(seq), 0) FROM event WHERE stream = $1";
        Ok(sqlx::query_scalar(sql)
            .bind(stream)
            .fetch_one(self.readers())
            .await?)
    }

    async fn last_number(&self, procedure: &str, year: i32) -> Answer<i64> {
        kept::last_number(self.readers(), procedure, year).await
    }

    async fn case_events(&self, case: CaseId) -> Answer<Vec<Event>> {
        event_log::read(&mut *self.snapshot().await?, &format!("case:{case}")).await
    }

    async fn stream_events(&self, stream: &str) -> Answer<Vec<Event>> {
        event_log::read(&mut *self.snapshot().await?, stream).await
    }

    async fn events_below(&self, prefix: &str) -> Answer<Vec<Event>> {
        let mut c = self.snapshot().await?;
        // The log only grows: where there is less than once was there, the index does not say everything.
        if let Some(before) = self.walked().of(prefix) {
            let all = event_log::read_below(&mut c, prefix, false).await?;
            if all.len() >= before {
                self.walked().note(prefix, all.len());
                return Ok(all);
            }
        }
        let all = event_log::read_below(&mut c, prefix, true).await?;
        self.walked().note(prefix, all.len());
        Ok(all)
    }

    async fn events(&self, filter: &EventFilter) -> Answer<Vec<Recorded>> {
        event_log::list(self.readers(), filter).await
    }

    async fn case_id_by_number(&self, number: &str) -> Answer<Option<CaseId>> {
        match self.lists() {
            Some(lists) => Ok(lists.one_by(number).map(|row| row.id)),
            None => case_rows::by_number(self.readers(), number).await,
        }
    }

    async fn case_row(&self, case: CaseId) -> Answer<Option<CaseRow>> {
        match self.lists() {
            Some(lists) => Ok(lists.one(case)),
            None => case_rows::one(self.readers(), case).await,
        }
    }

    async fn case_row_by(&self, which: &str) -> Answer<Option<CaseRow>> {
        match self.lists() {
            Some(lists) => Ok(lists.one_by(which)),
            None => case_rows::one_by(self.readers(), which).await,
        }
    }

    async fn has_cases(&self, procedure: Option<&str>) -> Answer<bool> {
        match self.lists() {
            Some(lists) => Ok(lists.any(procedure)),
            None => case_rows::any(self.readers(), procedure).await,
        }
    }

    async fn case_rows(&self, query: &CaseQuery) -> Answer<CasePage> {
        match self.lists() {
            Some(lists) => Ok(lists.page(query)),
            None => case_lists::page(self.readers(), query).await,
        }
    }

    async fn worklist_rows(
        &self,
        roles: &[(String, String)],
        limit: u32,
        viewer: &Viewer,
    ) -> Answer<Vec<Waiting>> {
        match self.lists() {
            Some(lists) => Ok(lists.worklist(roles, limit, viewer)),
            None => case_lists::worklist(self.readers(), roles, limit, viewer).await,
        }
    }

    async fn open_rows(
        &self,
        procedures: &[String],
        roles: &[(String, String)],
        limit: u32,
        viewer: &Viewer,
    ) -> Answer<Vec<Waiting>> {
        case_lists::open_of(self.readers(), procedures, roles, limit, viewer).await
    }

    async fn all_rows(&self, viewer: &Viewer) -> Answer<Vec<Waiting>> {
        match self.lists() {
            Some(lists) => Ok(lists.all(viewer)),
            None => case_lists::all(self.readers(), viewer).await,
        }
    }

    async fn counts(&self, since: i64, now: i64, viewer: &Viewer) -> Answer<Counts> {
        match self.lists() {
            Some(lists) => Ok(lists.counts(since, now, viewer)),
            None => case_lists::counts(self.readers(), since, now, viewer).await,
        }
    }

    async fn all_case_ids(&self) -> Answer<Vec<CaseId>> {
        case_rows::all_ids(self.readers()).await
    }

    async fn projections_stale(&self) -> Answer<bool> {
        Ok(self.projections().await? != PROJECTIONS)
    }

    async fn writable(&self) -> Answer<()> {
        self.try_writing().await
    }

    async fn replace_projections(
        &self,
        all: Vec<CaseProjection>,
        progress: &Progress,
    ) -> Answer<()> {
        let mut tx = self.begin().await?;
        case_rows::replace(&mut tx, &all, progress).await?;
        dialect::mark(&mut tx, PROJECTIONS).await?;
        Ok(tx.commit().await?)
    }

    async fn document(&self, id: DocumentId) -> Answer<Option<Vec<u8>>> {
        kept::document(self.readers(), id).await
    }

    async fn case_of_document(&self, id: DocumentId) -> Answer<Option<CaseId>> {
        kept::case_of_document(self.readers(), id).await
    }

    async fn case_of_attachment(&self, id: AttachmentId) -> Answer<Option<CaseId>> {
        kept::case_of_attachment(self.readers(), id).await
    }

    async fn attachment(&self, id: AttachmentId) -> Answer<Option<(AttachmentRow, Vec<u8>)>> {
        kept::attachment(self.readers(), id).await
    }

    async fn attachments(&self, case: CaseId) -> Answer<Vec<AttachmentRow>> {
        kept::attachments(self.readers(), case).await
    }

    async fn edition(&self, hash: &str) -> Answer<Option<String>> {
        kept::edition(self.readers(), hash).await
    }

    async fn credential(&self, login: &str) -> Answer<Option<Credential>> {
        kept::credential(self.readers(), login).await
    }

    async fn second_factor(&self, person: PersonId) -> Answer<Option<SecondFactor>> {
        second_factor::read(self.readers(), person).await
    }

    async fn second_factor_used(&self, person: PersonId, step: i64, newest: i64) -> Answer<bool> {
        let Some(apart) = self.apart() else {
            return second_factor::used(self.writer(), person, step, newest).await;
        };
        let kept = second_factor::read(self.readers(), person).await?;
        Ok(kept.is_some_and(|f| apart.step_used(person, f.last_step, step, newest)))
    }

    async fn attempts(&self, name: &str) -> Answer<(i64, i64)> {
        let kept = kept::attempts(self.readers(), name).await;
        match self.apart() {
            // What cannot be read is counted from now on.
            Some(apart) => Ok(apart.attempts(name, kept.unwrap_or_default())),
            None => kept,
        }
    }

    async fn attempt_failed(&self, name: &str, at_us: i64, since_us: i64) -> Answer<()> {
        let Some(apart) = self.apart() else {
            return kept::attempt_failed(self.writer(), name, at_us, since_us).await;
        };
        let kept = kept::attempts(self.readers(), name).await;
        apart.attempt_failed(name, kept.unwrap_or_default(), at_us, since_us);
        Ok(())
    }

    async fn attempts_not_after(&self, now_us: i64) -> Answer<()> {
        match self.apart() {
            Some(apart) => apart.attempts_not_after(now_us),
            None => kept::attempts_not_after(self.writer(), now_us).await?,
        }
        Ok(())
    }

    async fn attempts_forgive(&self, name: &str) -> Answer<()> {
        match self.apart() {
            Some(apart) => apart.attempts_forgive(name),
            None => kept::attempts_forgive(self.writer(), name).await?,
        }
        Ok(())
    }

    async fn signed(&self, stream: &str) -> Answer<std::collections::BTreeMap<i64, String>> {
        event_log::signed(self.readers(), stream).await
    }

    async fn draft_put(&self, person: PersonId, key: &str, json: &str, at: &str) -> Answer<()> {
        self.may_write()?;
        kept::draft_put(self.writer(), person, key, json, at).await
    }

    async fn draft_list(&self, person: PersonId) -> Answer<Vec<Draft>> {
        kept::draft_list(self.readers(), person).await
    }

    async fn draft_delete(&self, person: PersonId, key: &str) -> Answer<()> {
        self.may_write()?;
        kept::draft_delete(self.writer(), person, key).await
    }

    async fn accesses(
        &self,
        before: Option<i64>,
        what: Option<&str>,
        limit: u32,
    ) -> Answer<Vec<AccessRow>> {
        event_log::accesses(self.readers(), before, what, limit).await
    }

    async fn first_pos(&self, case: CaseId) -> Answer<i64> {
        case_rows::rank(&mut *self.readers().acquire().await?, case).await
    }

    async fn kept_until(&self, day: &str, limit: u32, viewer: &Viewer) -> Answer<Vec<CaseRow>> {
        match self.lists() {
            Some(lists) => Ok(lists.kept_until(day, limit, viewer)),
            None => case_lists::kept_until(self.readers(), day, limit, viewer).await,
        }
    }

    async fn knows(&self, pos: i64, hash: &str) -> Answer<bool> {
        let sql = "SELECT count(*) FROM event WHERE pos = $1 AND hash = $2";
        let found: i64 = sqlx::query_scalar(sql)
            .bind(pos)
            .bind(hash)
            .fetch_one(self.readers())
            .await?;
        Ok(found > 0)
    }

    async fn tail(&self) -> Answer<(i64, String)> {
        let row = sqlx::query("SELECT pos, hash FROM event ORDER BY pos DESC LIMIT 1")
            .fetch_one(self.readers())
            .await?;
        Ok((row.read(0)?, row.read(1)?))
    }

    async fn verify(&self, progress: &Progress) -> Answer<Report> {
        verify::walk(&mut *self.snapshot().await?, progress).await
    }

    async fn search_prints(&self) -> Answer<Prints> {
        derived::kept(self.readers()).await
    }

    async fn compare(&self, cases: &[CaseProjection], kept: &mut Prints) -> Answer<Vec<Problem>> {
        derived::compare(self.readers(), cases, kept).await
    }

    async fn strays(&self, rest: &Prints) -> Answer<Vec<Problem>> {
        derived::strays(self.readers(), rest).await
    }

    fn safety_copies(&self) -> Vec<String> {
        self.copies_beside()
    }

    async fn backup(&self, seal: &Seal, out: Box<dyn Write + Send>) -> Answer<Backup> {
        self.pack(seal, out).await
    }
}
