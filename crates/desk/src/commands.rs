//! The command list: each command once, with who may, its request and its response.
//!
//! Doors are made from this list; TypeScript is generated from it into `ui/src/generated/`. To add a
//! command, write its function on [`Office`] and one line below.

use crate::{
    access::access_list,
    access::*,
    anchors::anchor_places,
    anchors::leave_anchors_now_and_then,
    anchors::*,
    attachments::attachment_add,
    attachments::attachment_get,
    attachments::attachment_list,
    attachments::*,
    audit::anchor_export,
    audit::audit_list,
    audit::verify,
    audit::verify_progress,
    audit::verify_stop,
    audit::*,
    backup_key::backup_key_ask,
    backup_key::backup_key_confirm,
    backup_key::backup_key_make,
    backup_key::backup_key_view,
    backup_key::*,
    calendars::calendar_due,
    calendars::calendar_get,
    calendars::calendar_import,
    calendars::calendar_provisional,
    calendars::calendar_recalculate,
    calendars::*,
    case_file::case_file,
    case_file::*,
    cases::act,
    cases::register,
    cases::*,
    clock::confirm_clock,
    clock::office_clock,
    clock::*,
    damage::damage_view,
    damage::*,
    deputies::delegate_set,
    deputies::delegates,
    deputies::*,
    describe::procedure_describe,
    describe::*,
    disposal::disposal_approve,
    disposal::disposal_carry_out,
    disposal::disposal_overview,
    disposal::disposal_propose,
    disposal::disposal_refuse,
    disposal::paper::disposal_print,
    disposal::*,
    documents::document_get,
    documents::document_reprint,
    documents::form_glyphs,
    documents::form_issue,
    documents::form_layout,
    documents::form_render,
    documents::*,
    drafts::draft_delete,
    drafts::draft_get,
    drafts::draft_list,
    drafts::draft_put,
    drafts::*,
    duties::report_due,
    duties::*,
    editions::procedure_diff,
    editions::procedure_editions,
    editions::procedure_install,
    editions::target_list,
    editions::target_set,
    editions::*,
    encryption::encryption_get,
    encryption::encryption_set,
    encryption::new_phrase,
    encryption::*,
    error::{ApiError, Lang},
    forms::procedure_get,
    forms::procedure_list,
    forms::*,
    grants::grant_judge,
    grants::grants,
    grants::*,
    keys::change_password,
    keys::confirm_key,
    keys::*,
    limits,
    lists::case_list,
    lists::similar,
    lists::worklist,
    lists::*,
    open::{Office, Session},
    party::party_keep,
    party::party_list,
    party::*,
    people::person_add,
    people::person_list,
    people::person_update,
    people::session_state,
    people::set_pin,
    people::sign_in,
    people::*,
    presence::present,
    presence::sign_out,
    presence::*,
    reports::export_xlsx,
    reports::report_book,
    reports::report_period,
    reports::*,
    restored::numbers_get,
    restored::numbers_say,
    restored::*,
    salvage::salvage_progress,
    salvage::salvage_run,
    salvage::salvage_stop,
    salvage::*,
    second_factor::second_factor,
    second_factor::second_factor_begin,
    second_factor::second_factor_codes,
    second_factor::second_factor_confirm,
    second_factor::second_factor_off,
    second_factor::second_factor_reset,
    second_factor::second_factor_reset_confirm,
    second_factor::*,
    setup::office_get,
    setup::office_set,
    setup::setup,
    setup::*,
    sight::Eyes,
    text_in,
    told::Told,
    upkeep::backup_create,
    upkeep::backup_list,
    upkeep::*,
    view::case_get,
    view::preview_clocks,
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
        |c, r| session_state(c.office, c.session).await?;
    "session.sign_in", "Signs in with name and password.", Anyone, SignInRequest => SessionState,
        |c, r| sign_in(c.office, c.session, r).await?;
    "session.sign_out", "Signs out.", Anyone, Nothing => SessionState,
        |c, r| { sign_out(c.office, c.session).await; session_state(c.office, c.session).await? };
    "session.change_password", "Changes one's own password; the signing key stays.", Reader, ChangePasswordRequest => PersonRef,
        |c, r| change_password(c.office, c.eyes()?, r).await?;
    "session.set_pin", "Sets one's own PIN: it opens the desk at a shared PC, and never a signing key.", Reader, PinRequest => PersonRef,
        |c, r| set_pin(c.office, c.me()?, r).await?;
    "session.second_factor", "One's own second factor, and the institution's rule.", Reader, Nothing => SecondFactorView,
        |c, r| second_factor(c.office, c.me()?).await?;
    "session.second_factor_begin", "Makes the secret of a second factor and shows it; nothing is on yet.", Reader, SecondFactorBegin => SecondFactorOffer,
        |c, r| second_factor_begin(c.office, c.eyes()?, r).await?;
    "session.second_factor_confirm", "Turns it on with a first code; answers the recovery codes.", Reader, SecondFactorProof => RecoveryCodes,
        |c, r| second_factor_confirm(c.office, c.eyes()?, r).await?;
    "session.second_factor_codes", "New recovery codes; the earlier ones are worth nothing then.", Reader, SecondFactorProof => RecoveryCodes,
        |c, r| second_factor_codes(c.office, c.me()?, r).await?;
    "session.second_factor_off", "Turns one's own second factor off.", Reader, SecondFactorProof => SecondFactorView,
        |c, r| second_factor_off(c.office, c.me()?, r).await?;
    "person.second_factor_reset", "Asks that somebody's second factor be taken away; it holds until a third person confirms.", Administrator, SecondFactorOf => PersonRef,
        |c, r| second_factor_reset(c.office, c.me()?, r).await?;
    "person.second_factor_reset_confirm", "Confirms it, by a third person.", Worker, SecondFactorOf => PersonRef,
        |c, r| second_factor_reset_confirm(c.office, c.me()?, r).await?;
    "person.confirm_key", "Confirms somebody's new signing key after a reset, by a third person.", Worker, ConfirmKeyRequest => PersonRef,
        |c, r| confirm_key(c.office, c.me()?, r).await?;
    "delegate.set", "Lets somebody act for another from one day to another: the principal, or an administrator with a second person.", Worker, DelegateRequest => PersonRef,
        |c, r| delegate_set(c.office, c.me()?, r).await?;
    "delegate.list", "Who acts for whom, and when.", Reader, Nothing => Vec<DelegateView>,
        |c, r| delegates(c.office).await?;
    "grant.list", "What waits for a second person: roles, accounts, deputies, editions, reset passwords.", Reader, Nothing => Vec<GrantView>,
        |c, r| grants(c.office, c.me()?).await?;
    "grant.confirm", "Confirms, as the second person, what somebody was given.", Worker, GrantRef => PersonRef,
        |c, r| grant_judge(c.office, c.me()?, r, true).await?;
    "grant.refuse", "Refuses, as the second person, what somebody was given: it is gone.", Worker, GrantRef => PersonRef,
        |c, r| grant_judge(c.office, c.me()?, r, false).await?;
    "office.setup", "The first run: institution, opening hours, first administrator.", Anyone, SetupRequest => SessionState,
        |c, r| setup(c.office, c.session, r).await?;
    "office.get", "Institution and opening hours.", Reader, Nothing => OfficeView,
        |c, r| office_get(c.office).await?;
    "office.set", "Changes institution or opening hours.", Administrator, OfficeSet => OfficeView,
        |c, r| office_set(c.office, c.me()?, r).await?;
    "office.clock", "The machine's clock beside the newest record.", Reader, Nothing => OfficeClock,
        |c, r| office_clock(c.office).await?;
    "office.confirm_clock", "Confirms that the machine's clock is right although it stands before the newest record.", Administrator, Nothing => OfficeClock,
        |c, r| confirm_clock(c.office, c.me()?).await?;
    "office.damage", "What of the office is damaged and cannot be read; then nothing is written to it.", Reader, Nothing => DamageView,
        |c, r| damage_view(c.office, c.lang).await?;
    "numbers.get", "Up to which numbers a restored office knows, and which are skipped.", Reader, Nothing => NumbersView,
        |c, r| numbers_get(c.office).await?;
    "numbers.say", "Says what was numbered after the backup that was restored.", Administrator, NumbersSay => NumbersView,
        |c, r| numbers_say(c.office, c.me()?, r).await?;
    "calendar.get", "What each day of a year is.", Reader, YearRef => YearView,
        |c, r| calendar_get(c.office, r.year).await?;
    "calendar.due", "When a limit is due, and why.", Reader, DueRequest => DueResponse,
        |c, r| calendar_due(c.office, r).await?;
    "calendar.import", "Imports a year of holidays.", Administrator, CalendarImport => CalendarImported,
        |c, r| calendar_import(c.office, c.me()?, r).await?;
    "calendar.provisional", "Running limits that a newly known year touches.", Administrator, Nothing => Vec<ProvisionalView>,
        |c, r| calendar_provisional(c.office, c.me()?).await?;
    "calendar.recalculate", "Computes those limits anew, each by a recorded act.", Administrator, Nothing => Recalculated,
        |c, r| calendar_recalculate(c.office, c.me()?).await?;
    "person.list", "Everyone.", Reader, Nothing => Vec<PersonView>,
        |c, r| person_list(c.office).await?;
    "person.add", "Adds somebody.", Administrator, PersonAdd => PersonRef,
        |c, r| person_add(c.office, c.me()?, r).await?;
    "person.update", "Changes somebody; people are closed, never deleted.", Administrator, PersonUpdate => PersonRef,
        |c, r| person_update(c.office, c.me()?, r).await?;
    "procedure.list", "The procedures.", Reader, Nothing => Vec<ProcedureLine>,
        |c, r| procedure_list(c.office, c.me()?).await?;
    "procedure.get", "A procedure in full.", Reader, ProcedureGetRequest => ProcedureView,
        |c, r| procedure_get(c.office, &r.id, r.edition.as_deref()).await?;
    "procedure.check", "What is wrong with a procedure's files; empty when good.", Administrator, ProcedureFiles => Vec<ProblemView>,
        |c, r| check_procedure(r.files, c.lang);
    "procedure.editions", "Every edition that the office knows: who installed it when, and open cases on it.", Reader, EditionsRequest => Vec<EditionView>,
        |c, r| procedure_editions(c.office, c.me()?, r, c.lang).await?;
    "procedure.diff", "What differs from one edition to another.", Reader, DiffRequest => Vec<DifferenceView>,
        |c, r| procedure_diff(c.office, r).await?;
    "procedure.describe", "The public description of a procedure, with a flow chart, as PDF.", Reader, DescribeRequest => FileResponse,
        |c, r| procedure_describe(c.office, c.me()?, r).await?;
    "procedure.install", "Installs a new edition; open cases stay on theirs.", Administrator, ProcedureFiles => InstalledView,
        |c, r| procedure_install(c.office, c.me()?, r).await?;
    "target.list", "Limits that the institution may set itself, and what is set.", Reader, Nothing => Vec<TargetView>,
        |c, r| target_list(c.office).await?;
    "target.set", "Sets an institution's own limit: an internal target, or one that a procedure leaves open.", Administrator, TargetSet => Vec<TargetView>,
        |c, r| target_set(c.office, c.me()?, r).await?;
    "party.list", "The register of people, organisations and products.", Worker, PartyListRequest => Vec<PartyView>,
        |c, r| party_list(c.office, c.me()?, r).await?;
    "party.keep", "Adds or changes an entry of the register.", Worker, PartyKeep => PartyView,
        |c, r| party_keep(c.office, c.me()?, r).await?;
    "case.register", "Registers a complaint.", Worker, RegisterRequest => RegisterResponse,
        |c, r| register(c.office, c.me()?, r).await?;
    "case.preview_clocks", "The limits that a registration would start.", Worker, RegisterRequest => Vec<ClockView>,
        |c, r| preview_clocks(c.office, c.me()?, r).await?;
    "case.similar", "Earlier cases of the same name or phone.", Worker, SimilarRequest => CaseListResponse,
        |c, r| similar(c.office, c.me()?, r).await?;
    "case.act", "Does an action on a case.", Worker, ActRequest => ActResponse,
        |c, r| act(c.office, c.eyes()?, r).await?;
    "case.get", "One case: where it stands and what can be done. `why` opens what is covered, and is kept.", Reader, CaseRef => CaseView,
        |c, r| case_get(c.office, c.eyes()?, r, c.lang).await?;
    "case.present", "Says what a window has open; answers who else has it open.", Reader, PresentRequest => Vec<PresentView>,
        |c, r| present(c.office, c.eyes()?, r).await?;
    "case.file", "The whole file of a case as one PDF with page numbers.", Reader, CaseFileRequest => FileResponse,
        |c, r| case_file(c.office, c.eyes()?, r).await?;
    "case.list", "Searches and filters cases.", Reader, CaseListRequest => CaseListResponse,
        |c, r| case_list(c.office, c.me()?, r).await?;
    "worklist.get", "What I can do now, most urgent first.", Reader, Nothing => WorklistResponse,
        |c, r| worklist(c.office, c.me()?).await?;
    "form.layout", "The laid-out boxes of a form.", Reader, FormRequest => Laid,
        |c, r| form_layout(c.office, c.eyes()?, r).await?;
    "form.glyphs", "Which characters of what is being typed no font has.", Worker, GlyphsRequest => GlyphsResponse,
        |c, r| form_glyphs(c.office, r).await?;
    "form.render", "A preview or a blank as PDF.", Reader, FormRequest => RenderResponse,
        |c, r| form_render(c.office, c.eyes()?, r).await?;
    "form.issue", "Gives a document out: numbered, frozen, kept.", Worker, IssueRequest => IssueResponse,
        |c, r| form_issue(c.office, c.eyes()?, r).await?;
    "document.get", "A document as it was given out.", Reader, DocumentRef => DocumentResponse,
        |c, r| document_get(c.office, c.eyes()?, r).await?;
    "document.reprint", "The same document again, marked as a reprint.", Worker, DocumentRef => DocumentResponse,
        |c, r| document_reprint(c.office, c.eyes()?, r).await?;
    "attachment.add", "Adds a file to a case.", Worker, AttachmentAdd => AttachmentView,
        |c, r| attachment_add(c.office, c.eyes()?, r).await?;
    "attachment.get", "A file.", Reader, AttachmentRef => AttachmentResponse,
        |c, r| attachment_get(c.office, c.eyes()?, r).await?;
    "attachment.list", "The files of a case.", Reader, CaseRef => Vec<AttachmentView>,
        |c, r| attachment_list(c.office, c.eyes()?, r).await?;
    "draft.put", "Keeps what is being typed.", Worker, DraftPut => DraftKept,
        |c, r| draft_put(c.office, c.me()?, r).await?;
    "draft.get", "What was being typed.", Worker, DraftRef => Option<DraftView>,
        |c, r| draft_get(c.office, c.me()?, &r.key).await?;
    "draft.list", "Everything that was being typed.", Worker, Nothing => Vec<DraftView>,
        |c, r| draft_list(c.office, c.me()?).await?;
    "draft.delete", "Throws a draft away.", Worker, DraftRef => Done,
        |c, r| draft_delete(c.office, c.me()?, &r.key).await?;
    "audit.list", "Events as they are chained.", Auditor, AuditListRequest => Vec<AuditLine>,
        |c, r| audit_list(c.office, c.eyes()?, r).await?;
    "audit.verify", "Whether the log is whole, by itself and against an anchor.", Auditor, VerifyRequest => VerifyResponse,
        |c, r| verify(c.office, r.anchor.as_deref(), c.lang).await?;
    "audit.progress", "How far a running check has come.", Auditor, Nothing => VerifyProgress,
        |c, r| verify_progress(c.office);
    "audit.stop", "Stops a running check.", Auditor, Nothing => VerifyProgress,
        |c, r| verify_stop(c.office);
    "audit.anchor", "The log's end as a small text to be kept elsewhere.", Auditor, Nothing => AnchorResponse,
        |c, r| anchor_export(c.office, c.me()?).await?;
    "audit.places", "The folders in which anchors are left, and whether what stands there holds.", Auditor, Nothing => Vec<AnchorPlace>,
        |c, r| anchor_places(c.office).await?;
    "access.list", "Who opened, revealed, printed or took out what, when and why.", Auditor, AccessListRequest => Vec<AccessLine>,
        |c, r| access_list(c.office, c.me()?, r).await?;
    "report.book", "A book over cases, e.g. of hand-overs and returns.", Reader, BookRequest => FileResponse,
        |c, r| report_book(c.office, c.me()?, r).await?;
    "report.due", "Reports that I owe now, and those that were made.", Reader, Nothing => DutiesView,
        |c, r| report_due(c.office, c.me()?).await?;
    "report.period", "Summaries of a week or a month, timeliness, management review, handover; with the log's anchor.", Reader, ReportRequest => FileResponse,
        |c, r| report_period(c.office, c.me()?, r).await?;
    "export.xlsx", "The case list as a spreadsheet: as much as the person sees.", Reader, CaseListRequest => FileResponse,
        |c, r| export_xlsx(c.office, c.me()?, r).await?;
    "disposal.list", "Cases whose retention has ended, and the lists for disposal.", Reader, Nothing => DisposalOverview,
        |c, r| disposal_overview(c.office, c.me()?).await?;
    "disposal.propose", "Puts cases whose retention has ended on a list.", Administrator, DisposalPropose => DisposalView,
        |c, r| disposal_propose(c.office, c.me()?, r).await?;
    "disposal.approve", "Approves a list with a signature; two people other than its maker do.", Worker, DisposalApprove => DisposalView,
        |c, r| disposal_approve(c.office, c.me()?, r).await?;
    "disposal.refuse", "Refuses a list; its cases stay.", Worker, DisposalRefuse => DisposalView,
        |c, r| disposal_refuse(c.office, c.me()?, r).await?;
    "disposal.carry_out", "Erases what an approved list names.", Administrator, DisposalRef => DisposalView,
        |c, r| disposal_carry_out(c.office, c.me()?, r).await?;
    "disposal.print", "The list on paper, for signing and keeping.", Worker, DisposalRef => DisposalPaper,
        |c, r| disposal_print(c.office, c.me()?, r).await?;
    "encryption.get", "Whether the office's folder is encrypted, and whether it can be.", Anyone, Nothing => EncryptionView,
        |c, r| encryption_get(c.office, c.session).await?;
    "encryption.set", "Encrypts the office's folder, or decrypts it.", Administrator, EncryptionSet => EncryptionView,
        |c, r| encryption_set(c.office, c.me()?, r).await?;
    "encryption.new_phrase", "A new recovery phrase, shown once; the one before is void.", Administrator, Nothing => PhraseView,
        |c, r| new_phrase(c.office, c.me()?).await?;
    "backup_key.get", "The institution's backup key: in force, asked for, and what a backup is sealed to.", Auditor, Nothing => BackupKeyView,
        |c, r| backup_key_view(c.office, c.me()?).await?;
    "backup_key.ask", "Asks for a backup key; a second person makes and keeps it.", Administrator, Nothing => BackupKeyView,
        |c, r| backup_key_ask(c.office, c.me()?).await?;
    "backup_key.make", "Makes the backup key that was asked for and shows its secret half, to whoever will keep it.", Reader, BackupKeyMake => BackupKeyOffer,
        |c, r| backup_key_make(c.office, c.eyes()?, r).await?;
    "backup_key.confirm", "Puts the backup key in force; its keeper has the secret half on paper.", Reader, BackupKeyProof => BackupKeyView,
        |c, r| backup_key_confirm(c.office, c.eyes()?, r).await?;
    "salvage.run", "Brings what is whole of the office into a new folder on the machine that keeps it; the office stays as it is.", Administrator, SalvageRequest => SalvageReport,
        |c, r| salvage_run(c.office, c.me()?, r, c.lang).await?;
    "salvage.progress", "How far a running salvage has come.", Administrator, Nothing => VerifyProgress,
        |c, r| salvage_progress(c.office);
    "salvage.stop", "Stops a running salvage; nothing of it is left.", Administrator, Nothing => VerifyProgress,
        |c, r| salvage_stop(c.office);
    "backup.list", "The backups that were made.", Administrator, Nothing => Vec<BackupLine>,
        |c, r| backup_list(c.office).await?;
    "backup.create", "One encrypted file with everything.", Administrator, BackupRequest => BackupResponse,
        |c, r| backup_create(c.office, c.me()?, r).await?;
}

/// Whether nobody needs to be signed in for a command; one that is not known is nobody's.
pub fn for_anyone(name: &str) -> bool {
    who(name) == Some(Who::Anyone)
}

/// Runs a command for a session: the only way in for every door.
///
/// # Errors
/// `request_too_large`, `value_bad_characters`, `unknown_command`, `sign_in_first`, `account_may_not`, and what the command refuses.
pub async fn call(
    office: &Office,
    session: &Session,
    name: &str,
    payload: Value,
    lang: Lang,
) -> Result<Value, ApiError> {
    let person = admitted(office, session, name, &payload).await?;
    let payload = text_in::taken(payload)?;
    let call = || Call {
        office: office,
        session,
        person,
        lang,
    };
    let reads = matches!(who(name), Some(Who::Anyone | Who::Reader | Who::Auditor));
    let again = reads.then(|| payload.clone());
    let answer = dispatch(call(), name, payload).await;
    let answer = match (answer, again) {
        // Damage was seen just now: what only reads is read again, past it.
        (Err(e), Some(payload)) if of_damage(&e) && office.turned_read_only().await? => {
            dispatch(call(), name, payload).await
        }
        // What it would have written is refused in any case; whatever it read before that says less of what to do.
        (Err(e), None) if e.code == "damaged_folder" && office.read_only().await => {
            Err(ApiError::new(READ_ONLY))
        }
        (answer, _) => answer,
    };
    leave_anchors_now_and_then(office).await;
    answer
}

/// Who calls, where they may; none where nobody needs to be signed in.
pub(crate) async fn admitted(
    office: &Office,
    session: &Session,
    name: &str,
    payload: &Value,
) -> Result<Option<PersonId>, ApiError> {
    limits::guard(name, payload)?;
    let who = who(name).ok_or_else(|| ApiError::new("unknown_command").with("command", name))?;
    office.keep_up().await?;
    let mut person = None;
    if who != Who::Anyone {
        let house = office.desk().await?.house().await;
        let me = house.signed_in(session);
        let me = me.ok_or_else(|| ApiError::new("sign_in_first"))?;
        if !who.admits(me.account) {
            return Err(ApiError::new("account_may_not").with("command", name));
        }
        if me.must_change && name != "session.change_password" {
            return Err(ApiError::new("password_change_needed"));
        }
        crate::second_factor::gate(&*office.desk().await?, &house, me, name)?;
        person = Some(me.id);
    }
    Ok(person)
}
