//! The command list: each command once, with who may, its request and its response.
//!
//! Doors are made from this list; TypeScript is generated from it into `ui/src/generated/`. To add a
//! command, write its function on [`Office`] and one line below.

use crate::{
    access::*,
    anchors::*,
    attachments::*,
    audit::*,
    backup_key::*,
    calendars::*,
    case_file::*,
    cases::*,
    clock::*,
    damage::*,
    deputies::*,
    describe::*,
    disposal::*,
    documents::*,
    drafts::*,
    duties::*,
    editions::*,
    encryption::*,
    error::{ApiError, Lang},
    forms::*,
    grants::*,
    keys::*,
    limits,
    lists::*,
    open::{Office, Session},
    party::*,
    people::*,
    presence::*,
    reports::*,
    restored::*,
    salvage::*,
    second_factor::*,
    setup::*,
    sight::Eyes,
    text_in,
    told::Told,
    upkeep::*,
    view::*,
};
use redress_domain::{event::Account, id::PersonId};
use redress_paper::Laid;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;
use std::pin::Pin;
use ts_rs::TS;

/// Version of this list: raised when a door of the version before would no longer understand.
pub const VERSION: u32 = 1;
/// The oldest version whose doors are still understood.
pub const OLDEST: u32 = 1;

/// Whose a command is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Who {
    /// Nobody needs to be signed in.
    Anyone,
    /// Everyone who is signed in, auditors included: reading.
    Reader,
    /// Members and administrators: acting on cases, as far as their roles go.
    Worker,
    /// Administrators: people, institution, calendars, backups.
    Administrator,
    /// Administrators and auditors.
    Auditor,
}

impl Who {
    /// The first permission table: command × kind of account.
    pub fn admits(self, account: Account) -> bool {
        use Account::{Administrator, Auditor, Member, Named};
        match self {
            Self::Anyone => true,
            Self::Reader => account != Named,
            Self::Worker => matches!(account, Member | Administrator),
            Self::Administrator => account == Administrator,
            Self::Auditor => matches!(account, Auditor | Administrator),
        }
    }
}

/// A request without content.
#[derive(Debug, Default, Deserialize, TS)]
pub struct Nothing {}

/// One line of the list.
#[derive(Debug, Serialize, TS)]
pub struct CommandLine {
    /// Name.
    pub name: &'static str,
    /// What it is for.
    pub purpose: &'static str,
    /// Who may.
    pub who: Who,
    /// Type of the request.
    pub request: String,
    /// Type of the response.
    pub response: String,
}

struct Call<'a> {
    office: &'a Office,
    session: &'a Session,
    person: Option<PersonId>,
    lang: Lang,
}

impl Call<'_> {
    fn me(&self) -> Result<PersonId, ApiError> {
        self.person.ok_or_else(|| ApiError::new("sign_in_first"))
    }

    fn eyes(&self) -> Result<Eyes<'_>, ApiError> {
        Ok(Eyes {
            person: self.me()?,
            session: self.session,
        })
    }
}

fn read<T: DeserializeOwned>(payload: Value) -> Result<T, ApiError> {
    let payload = if payload.is_null() {
        serde_json::json!({})
    } else {
        payload
    };
    Ok(serde_json::from_value(payload)?)
}

/// A command's work on the heap, made in a frame of its own: side by side they would outgrow a thread's stack.
fn on_heap<F>(work: impl FnOnce() -> F) -> Pin<Box<F>> {
    Box::pin(work())
}

macro_rules! commands {
    ($($name:literal, $purpose:literal, $who:ident, $request:ty => $response:ty, |$c:ident, $r:ident| $body:expr;)+) => {
        /// Every command.
        pub fn list() -> Vec<CommandLine> {
            let config = ts_rs::Config::default();
            vec![$(CommandLine {
                name: $name,
                purpose: $purpose,
                who: Who::$who,
                request: <$request as TS>::name(&config),
                response: <$response as TS>::name(&config),
            }),+]
        }

        /// A command's name, where there is such a command.
        pub fn known(name: &str) -> Option<&'static str> {
            match name { $($name => Some($name),)+ _ => None }
        }

        fn who(name: &str) -> Option<Who> {
            match name { $($name => Some(Who::$who),)+ _ => None }
        }

        async fn dispatch(call: Call<'_>, name: &str, payload: Value) -> Result<Value, ApiError> {
            match name {
                $($name => {
                    let $r: $request = read(payload)?;
                    let $c = &call;
                    let _ = (&$r, $c.lang);
                    let work = on_heap(move || async move {
                        let answer: $response = $body;
                        Ok::<_, ApiError>(serde_json::to_value(answer)?)
                    });
                    work.await
                })+
                other => Err(ApiError::new("unknown_command").with("command", other)),
            }
        }

        /// Visits every request and response type, for generating TypeScript.
        pub fn visit_types(v: &mut impl ts_rs::TypeVisitor) {
            $(v.visit::<$request>(); v.visit::<$response>();)+
            v.visit::<ApiError>();
            v.visit::<Told>();
        }
    };
}

commands! {
    "session.state", "Who is signed in, and what a door needs to know first.", Anyone, Nothing => SessionState,
        |c, r| c.office.session_state(c.session).await?;
    "session.sign_in", "Signs in with name and password.", Anyone, SignInRequest => SessionState,
        |c, r| c.office.sign_in(c.session, r).await?;
    "session.sign_out", "Signs out.", Anyone, Nothing => SessionState,
        |c, r| { c.office.sign_out(c.session).await; c.office.session_state(c.session).await? };
    "session.change_password", "Changes one's own password; the signing key stays.", Reader, ChangePasswordRequest => PersonRef,
        |c, r| c.office.change_password(c.eyes()?, r).await?;
    "session.set_pin", "Sets one's own PIN: it opens the desk at a shared PC, and never a signing key.", Reader, PinRequest => PersonRef,
        |c, r| c.office.set_pin(c.me()?, r).await?;
    "session.second_factor", "One's own second factor, and the institution's rule.", Reader, Nothing => SecondFactorView,
        |c, r| c.office.second_factor(c.me()?).await?;
    "session.second_factor_begin", "Makes the secret of a second factor and shows it; nothing is on yet.", Reader, SecondFactorBegin => SecondFactorOffer,
        |c, r| c.office.second_factor_begin(c.eyes()?, r).await?;
    "session.second_factor_confirm", "Turns it on with a first code; answers the recovery codes.", Reader, SecondFactorProof => RecoveryCodes,
        |c, r| c.office.second_factor_confirm(c.eyes()?, r).await?;
    "session.second_factor_codes", "New recovery codes; the earlier ones are worth nothing then.", Reader, SecondFactorProof => RecoveryCodes,
        |c, r| c.office.second_factor_codes(c.me()?, r).await?;
    "session.second_factor_off", "Turns one's own second factor off.", Reader, SecondFactorProof => SecondFactorView,
        |c, r| c.office.second_factor_off(c.me()?, r).await?;
    "person.second_factor_reset", "Asks that somebody's second factor be taken away; it holds until a third person confirms.", Administrator, SecondFactorOf => PersonRef,
        |c, r| c.office.second_factor_reset(c.me()?, r).await?;
    "person.second_factor_reset_confirm", "Confirms it, by a third person.", Worker, SecondFactorOf => PersonRef,
        |c, r| c.office.second_factor_reset_confirm(c.me()?, r).await?;
    "person.confirm_key", "Confirms somebody's new signing key after a reset, by a third person.", Worker, ConfirmKeyRequest => PersonRef,
        |c, r| c.office.confirm_key(c.me()?, r).await?;
    "delegate.set", "Lets somebody act for another from one day to another: the principal, or an administrator with a second person.", Worker, DelegateRequest => PersonRef,
        |c, r| c.office.delegate_set(c.me()?, r).await?;
    "delegate.list", "Who acts for whom, and when.", Reader, Nothing => Vec<DelegateView>,
        |c, r| c.office.delegates().await?;
    "grant.list", "What waits for a second person: roles, accounts, deputies, editions, reset passwords.", Reader, Nothing => Vec<GrantView>,
        |c, r| c.office.grants(c.me()?).await?;
    "grant.confirm", "Confirms, as the second person, what somebody was given.", Worker, GrantRef => PersonRef,
        |c, r| c.office.grant_judge(c.me()?, r, true).await?;
    "grant.refuse", "Refuses, as the second person, what somebody was given: it is gone.", Worker, GrantRef => PersonRef,
        |c, r| c.office.grant_judge(c.me()?, r, false).await?;
    "office.setup", "The first run: institution, opening hours, first administrator.", Anyone, SetupRequest => SessionState,
        |c, r| c.office.setup(c.session, r).await?;
    "office.get", "Institution and opening hours.", Reader, Nothing => OfficeView,
        |c, r| c.office.office_get().await?;
    "office.set", "Changes institution or opening hours.", Administrator, OfficeSet => OfficeView,
        |c, r| c.office.office_set(c.me()?, r).await?;
    "office.clock", "The machine's clock beside the newest record.", Reader, Nothing => OfficeClock,
        |c, r| c.office.office_clock().await?;
    "office.confirm_clock", "Confirms that the machine's clock is right although it stands before the newest record.", Administrator, Nothing => OfficeClock,
        |c, r| c.office.confirm_clock(c.me()?).await?;
    "office.damage", "What of the office is damaged and cannot be read; then nothing is written to it.", Reader, Nothing => DamageView,
        |c, r| c.office.damage(c.lang).await?;
    "numbers.get", "Up to which numbers a restored office knows, and which are skipped.", Reader, Nothing => NumbersView,
        |c, r| c.office.numbers_get().await?;
    "numbers.say", "Says what was numbered after the backup that was restored.", Administrator, NumbersSay => NumbersView,
        |c, r| c.office.numbers_say(c.me()?, r).await?;
    "calendar.get", "What each day of a year is.", Reader, YearRef => YearView,
        |c, r| c.office.calendar_get(r.year).await?;
    "calendar.due", "When a limit is due, and why.", Reader, DueRequest => DueResponse,
        |c, r| c.office.calendar_due(r).await?;
    "calendar.import", "Imports a year of holidays.", Administrator, CalendarImport => CalendarImported,
        |c, r| c.office.calendar_import(c.me()?, r).await?;
    "calendar.provisional", "Running limits that a newly known year touches.", Administrator, Nothing => Vec<ProvisionalView>,
        |c, r| c.office.calendar_provisional(c.me()?).await?;
    "calendar.recalculate", "Computes those limits anew, each by a recorded act.", Administrator, Nothing => Recalculated,
        |c, r| c.office.calendar_recalculate(c.me()?).await?;
    "person.list", "Everyone.", Reader, Nothing => Vec<PersonView>,
        |c, r| c.office.person_list().await?;
    "person.add", "Adds somebody.", Administrator, PersonAdd => PersonRef,
        |c, r| c.office.person_add(c.me()?, r).await?;
    "person.update", "Changes somebody; people are closed, never deleted.", Administrator, PersonUpdate => PersonRef,
        |c, r| c.office.person_update(c.me()?, r).await?;
    "procedure.list", "The procedures.", Reader, Nothing => Vec<ProcedureLine>,
        |c, r| c.office.procedure_list(c.me()?).await?;
    "procedure.get", "A procedure in full.", Reader, ProcedureGetRequest => ProcedureView,
        |c, r| c.office.procedure_get(&r.id, r.edition.as_deref()).await?;
    "procedure.check", "What is wrong with a procedure's files; empty when good.", Administrator, ProcedureFiles => Vec<ProblemView>,
        |c, r| check_procedure(r.files, c.lang);
    "procedure.editions", "Every edition that the office knows: who installed it when, and open cases on it.", Reader, EditionsRequest => Vec<EditionView>,
        |c, r| c.office.procedure_editions(c.me()?, r, c.lang).await?;
    "procedure.diff", "What differs from one edition to another.", Reader, DiffRequest => Vec<DifferenceView>,
        |c, r| c.office.procedure_diff(r).await?;
    "procedure.describe", "The public description of a procedure, with a flow chart, as PDF.", Reader, DescribeRequest => FileResponse,
        |c, r| c.office.procedure_describe(c.me()?, r).await?;
    "procedure.install", "Installs a new edition; open cases stay on theirs.", Administrator, ProcedureFiles => InstalledView,
        |c, r| c.office.procedure_install(c.me()?, r).await?;
    "target.list", "Limits that the institution may set itself, and what is set.", Reader, Nothing => Vec<TargetView>,
        |c, r| c.office.target_list().await?;
    "target.set", "Sets an institution's own limit: an internal target, or one that a procedure leaves open.", Administrator, TargetSet => Vec<TargetView>,
        |c, r| c.office.target_set(c.me()?, r).await?;
    "party.list", "The register of people, organisations and products.", Worker, PartyListRequest => Vec<PartyView>,
        |c, r| c.office.party_list(c.me()?, r).await?;
    "party.keep", "Adds or changes an entry of the register.", Worker, PartyKeep => PartyView,
        |c, r| c.office.party_keep(c.me()?, r).await?;
    "case.register", "Registers a complaint.", Worker, RegisterRequest => RegisterResponse,
        |c, r| c.office.register(c.me()?, r).await?;
    "case.preview_clocks", "The limits that a registration would start.", Worker, RegisterRequest => Vec<ClockView>,
        |c, r| c.office.preview_clocks(c.me()?, r).await?;
    "case.similar", "Earlier cases of the same name or phone.", Worker, SimilarRequest => CaseListResponse,
        |c, r| c.office.similar(c.me()?, r).await?;
    "case.act", "Does an action on a case.", Worker, ActRequest => ActResponse,
        |c, r| c.office.act(c.eyes()?, r).await?;
    "case.get", "One case: where it stands and what can be done. `why` opens what is covered, and is kept.", Reader, CaseRef => CaseView,
        |c, r| c.office.case_get(c.eyes()?, r, c.lang).await?;
    "case.present", "Says what a window has open; answers who else has it open.", Reader, PresentRequest => Vec<PresentView>,
        |c, r| c.office.present(c.eyes()?, r).await?;
    "case.file", "The whole file of a case as one PDF with page numbers.", Reader, CaseFileRequest => FileResponse,
        |c, r| c.office.case_file(c.eyes()?, r).await?;
    "case.list", "Searches and filters cases.", Reader, CaseListRequest => CaseListResponse,
        |c, r| c.office.case_list(c.me()?, r).await?;
    "worklist.get", "What I can do now, most urgent first.", Reader, Nothing => WorklistResponse,
        |c, r| c.office.worklist(c.me()?).await?;
    "form.layout", "The laid-out boxes of a form.", Reader, FormRequest => Laid,
        |c, r| c.office.form_layout(c.eyes()?, r).await?;
    "form.glyphs", "Which characters of what is being typed no font has.", Worker, GlyphsRequest => GlyphsResponse,
        |c, r| c.office.form_glyphs(r).await?;
    "form.render", "A preview or a blank as PDF.", Reader, FormRequest => RenderResponse,
        |c, r| c.office.form_render(c.eyes()?, r).await?;
    "form.issue", "Gives a document out: numbered, frozen, kept.", Worker, IssueRequest => IssueResponse,
        |c, r| c.office.form_issue(c.eyes()?, r).await?;
    "document.get", "A document as it was given out.", Reader, DocumentRef => DocumentResponse,
        |c, r| c.office.document_get(c.eyes()?, r).await?;
    "document.reprint", "The same document again, marked as a reprint.", Worker, DocumentRef => DocumentResponse,
        |c, r| c.office.document_reprint(c.eyes()?, r).await?;
    "attachment.add", "Adds a file to a case.", Worker, AttachmentAdd => AttachmentView,
        |c, r| c.office.attachment_add(c.eyes()?, r).await?;
    "attachment.get", "A file.", Reader, AttachmentRef => AttachmentResponse,
        |c, r| c.office.attachment_get(c.eyes()?, r).await?;
    "attachment.list", "The files of a case.", Reader, CaseRef => Vec<AttachmentView>,
        |c, r| c.office.attachment_list(c.eyes()?, r).await?;
    "draft.put", "Keeps what is being typed.", Worker, DraftPut => DraftKept,
        |c, r| c.office.draft_put(c.me()?, r).await?;
    "draft.get", "What was being typed.", Worker, DraftRef => Option<DraftView>,
        |c, r| c.office.draft_get(c.me()?, &r.key).await?;
    "draft.list", "Everything that was being typed.", Worker, Nothing => Vec<DraftView>,
        |c, r| c.office.draft_list(c.me()?).await?;
    "draft.delete", "Throws a draft away.", Worker, DraftRef => Done,
        |c, r| c.office.draft_delete(c.me()?, &r.key).await?;
    "audit.list", "Events as they are chained.", Auditor, AuditListRequest => Vec<AuditLine>,
        |c, r| c.office.audit_list(c.eyes()?, r).await?;
    "audit.verify", "Whether the log is whole, by itself and against an anchor.", Auditor, VerifyRequest => VerifyResponse,
        |c, r| c.office.verify(r.anchor.as_deref(), c.lang).await?;
    "audit.progress", "How far a running check has come.", Auditor, Nothing => VerifyProgress,
        |c, r| c.office.verify_progress();
    "audit.stop", "Stops a running check.", Auditor, Nothing => VerifyProgress,
        |c, r| c.office.verify_stop();
    "audit.anchor", "The log's end as a small text to be kept elsewhere.", Auditor, Nothing => AnchorResponse,
        |c, r| c.office.anchor_export(c.me()?).await?;
    "audit.places", "The folders in which anchors are left, and whether what stands there holds.", Auditor, Nothing => Vec<AnchorPlace>,
        |c, r| c.office.anchor_places().await?;
    "access.list", "Who opened, revealed, printed or took out what, when and why.", Auditor, AccessListRequest => Vec<AccessLine>,
        |c, r| c.office.access_list(c.me()?, r).await?;
    "report.book", "A book over cases, e.g. of hand-overs and returns.", Reader, BookRequest => FileResponse,
        |c, r| c.office.report_book(c.me()?, r).await?;
    "report.due", "Reports that I owe now, and those that were made.", Reader, Nothing => DutiesView,
        |c, r| c.office.report_due(c.me()?).await?;
    "report.period", "Summaries of a week or a month, timeliness, management review, handover; with the log's anchor.", Reader, ReportRequest => FileResponse,
        |c, r| c.office.report_period(c.me()?, r).await?;
    "export.xlsx", "The case list as a spreadsheet: as much as the person sees.", Reader, CaseListRequest => FileResponse,
        |c, r| c.office.export_xlsx(c.me()?, r).await?;
    "disposal.list", "Cases whose retention has ended, and the lists for disposal.", Reader, Nothing => DisposalOverview,
        |c, r| c.office.disposal_overview(c.me()?).await?;
    "disposal.propose", "Puts cases whose retention has ended on a list.", Administrator, DisposalPropose => DisposalView,
        |c, r| c.office.disposal_propose(c.me()?, r).await?;
    "disposal.approve", "Approves a list with a signature; two people other than its maker do.", Worker, DisposalApprove => DisposalView,
        |c, r| c.office.disposal_approve(c.me()?, r).await?;
    "disposal.refuse", "Refuses a list; its cases stay.", Worker, DisposalRefuse => DisposalView,
        |c, r| c.office.disposal_refuse(c.me()?, r).await?;
    "disposal.carry_out", "Erases what an approved list names.", Administrator, DisposalRef => DisposalView,
        |c, r| c.office.disposal_carry_out(c.me()?, r).await?;
    "disposal.print", "The list on paper, for signing and keeping.", Worker, DisposalRef => DisposalPaper,
        |c, r| c.office.disposal_print(c.me()?, r).await?;
    "encryption.get", "Whether the office's folder is encrypted, and whether it can be.", Anyone, Nothing => EncryptionView,
        |c, r| c.office.encryption_get(c.session).await?;
    "encryption.set", "Encrypts the office's folder, or decrypts it.", Administrator, EncryptionSet => EncryptionView,
        |c, r| c.office.encryption_set(c.me()?, r).await?;
    "encryption.new_phrase", "A new recovery phrase, shown once; the one before is void.", Administrator, Nothing => PhraseView,
        |c, r| c.office.new_phrase(c.me()?).await?;
    "backup_key.get", "The institution's backup key: in force, asked for, and what a backup is sealed to.", Auditor, Nothing => BackupKeyView,
        |c, r| c.office.backup_key(c.me()?).await?;
    "backup_key.ask", "Asks for a backup key; a second person makes and keeps it.", Administrator, Nothing => BackupKeyView,
        |c, r| c.office.backup_key_ask(c.me()?).await?;
    "backup_key.make", "Makes the backup key that was asked for and shows its secret half, to whoever will keep it.", Reader, BackupKeyMake => BackupKeyOffer,
        |c, r| c.office.backup_key_make(c.eyes()?, r).await?;
    "backup_key.confirm", "Puts the backup key in force; its keeper has the secret half on paper.", Reader, BackupKeyProof => BackupKeyView,
        |c, r| c.office.backup_key_confirm(c.eyes()?, r).await?;
    "salvage.run", "Brings what is whole of the office into a new folder on the machine that keeps it; the office stays as it is.", Administrator, SalvageRequest => SalvageReport,
        |c, r| c.office.salvage_run(c.me()?, r, c.lang).await?;
    "salvage.progress", "How far a running salvage has come.", Administrator, Nothing => VerifyProgress,
        |c, r| c.office.salvage_progress();
    "salvage.stop", "Stops a running salvage; nothing of it is left.", Administrator, Nothing => VerifyProgress,
        |c, r| c.office.salvage_stop();
    "backup.list", "The backups that were made.", Administrator, Nothing => Vec<BackupLine>,
        |c, r| c.office.backup_list().await?;
    "backup.create", "One encrypted file with everything.", Administrator, BackupRequest => BackupResponse,
        |c, r| c.office.backup_create(c.me()?, r).await?;
}

/// Whether nobody needs to be signed in for a command; one that is not known is nobody's.
pub fn for_anyone(name: &str) -> bool {
    who(name) == Some(Who::Anyone)
}

impl Office {
    /// Runs a command for a session: the only way in for every door.
    ///
    /// # Errors
    /// `request_too_large`, `value_bad_characters`, `unknown_command`, `sign_in_first`, `account_may_not`, and what the command refuses.
    pub async fn call(
        &self,
        session: &Session,
        name: &str,
        payload: Value,
        lang: Lang,
    ) -> Result<Value, ApiError> {
        let person = self.admitted(session, name, &payload).await?;
        let payload = text_in::taken(payload)?;
        let call = || Call {
            office: self,
            session,
            person,
            lang,
        };
        let reads = matches!(who(name), Some(Who::Anyone | Who::Reader | Who::Auditor));
        let again = reads.then(|| payload.clone());
        let answer = dispatch(call(), name, payload).await;
        let answer = match (answer, again) {
            // Damage was seen just now: what only reads is read again, past it.
            (Err(e), Some(payload)) if of_damage(&e) && self.turned_read_only().await? => {
                dispatch(call(), name, payload).await
            }
            // What it would have written is refused in any case; whatever it read before that says less of what to do.
            (Err(e), None) if e.code == "damaged_folder" && self.read_only().await => {
                Err(ApiError::new(READ_ONLY))
            }
            (answer, _) => answer,
        };
        self.leave_anchors_now_and_then().await;
        answer
    }

    /// Who calls, where they may; none where nobody needs to be signed in.
    pub(crate) async fn admitted(
        &self,
        session: &Session,
        name: &str,
        payload: &Value,
    ) -> Result<Option<PersonId>, ApiError> {
        limits::guard(name, payload)?;
        let who =
            who(name).ok_or_else(|| ApiError::new("unknown_command").with("command", name))?;
        self.keep_up().await?;
        let mut person = None;
        if who != Who::Anyone {
            let house = self.desk().await?.house().await;
            let me = house.signed_in(session);
            let me = me.ok_or_else(|| ApiError::new("sign_in_first"))?;
            if !who.admits(me.account) {
                return Err(ApiError::new("account_may_not").with("command", name));
            }
            if me.must_change && name != "session.change_password" {
                return Err(ApiError::new("password_change_needed"));
            }
            crate::second_factor::gate(&*self.desk().await?, &house, me, name)?;
            person = Some(me.id);
        }
        Ok(person)
    }
}
