//! Every kind of event, of every stream.

use crate::{
    event::kinds::{
        Account, CopyOut, Ending, FactorChange, FactorRule, Lost, MoveCause, PartySort, RoleGrant,
        Skipped, SkippedDocuments,
    },
    id::{AttachmentId, CaseId, DisposalId, DocumentId, PartyId, PersonId},
    time::{
        Limit,
        clock::{Due, Moment},
    },
    value::Values,
};
use serde::{Deserialize, Serialize};

/// Something that happened: the body that is chained, and the values that stand beside it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// Who.
    pub actor: PersonId,
    /// When.
    pub at: Moment,
    /// What.
    pub body: EventBody,
    /// Typed texts, numbers, people: kept in the value table, hashed into the event.
    pub values: Values,
}

/// Every kind of event, of every stream. Version 1 of each; a later version gets a kind of its own shape
/// and the golden samples keep the old one folding.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "body", rename_all = "snake_case")]
pub enum EventBody {
    /// A case was registered.
    Registered {
        /// Which.
        case: CaseId,
        /// Procedure id.
        procedure: String,
        /// Edition.
        edition: String,
        /// Content hash of the edition.
        edition_hash: String,
        /// Case number (G12).
        number: String,
        /// Channel id.
        channel: String,
        /// T1.
        received_at: Moment,
        /// The first step.
        step: String,
        /// Made in a training folder.
        training: bool,
    },
    /// An action was done.
    Acted {
        /// Action id.
        action: String,
        /// The task that it belongs to.
        task: Option<String>,
        /// At which step.
        step: String,
        /// What the signature means, where it is one.
        signs: Option<String>,
        /// Allowed by an impartiality exception (G1).
        excepted: bool,
        /// As whose deputy (授权代理).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        on_behalf_of: Option<PersonId>,
    },
    /// The case or a task went on to another step.
    Moved {
        /// The task, or the case itself.
        task: Option<String>,
        /// To which step.
        to: String,
        /// Another round begins.
        round: bool,
    },
    /// The way set values; which, stands in the values.
    Set {},
    /// A side task was opened.
    TaskOpened {
        /// Its id within the case, e.g. `retract_copy-2`.
        task: String,
        /// Its kind.
        task_kind: String,
        /// Its first step.
        step: String,
    },
    /// A side task ended.
    TaskEnded {
        /// Which.
        task: String,
    },
    /// A limit began to run; its due time is fixed (T5).
    ClockStarted {
        /// Id within the case, e.g. `judgement-1`.
        clock: String,
        /// The rule.
        rule: String,
        /// The task that it belongs to.
        task: Option<String>,
        /// Due time and facts.
        due: Due,
    },
    /// What the limit waited for was done.
    ClockStopped {
        /// Which.
        clock: String,
        /// The moment that counts, where it is not now: a complainant's window ends with the receipt.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        at: Option<Moment>,
    },
    /// A due time moved by a recorded act (T5).
    ClockMoved {
        /// Which.
        clock: String,
        /// The new due time and facts.
        due: Due,
        /// Why.
        cause: MoveCause,
    },
    /// A recorded value was corrected (G14); old, new and reason are values.
    Corrected {
        /// The value's key.
        field: String,
    },
    /// A document was given out (G18).
    Issued {
        /// Its id.
        document: DocumentId,
        /// Form id.
        form: String,
        /// The task that it is about.
        task: Option<String>,
        /// Document number.
        number: String,
        /// Copies.
        copies: Vec<CopyOut>,
        /// SHA-256 of the PDF.
        content: String,
        /// Pages of the PDF.
        pages: u32,
        /// The values that it shows.
        fields: Vec<String>,
        /// One sheet for each round: it supersedes none of another.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        per_round: bool,
    },
    /// An excluded person may act all the same (G1).
    Excepted {
        /// Who.
        person: PersonId,
        /// The second person who allowed it.
        second: PersonId,
        /// Which bar it lifts, and no other; an older one does not say it, and lifted all of the person's.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        bar: Option<String>,
    },
    /// A file was added.
    Attached {
        /// Its id.
        attachment: AttachmentId,
        /// What it is, e.g. `evidence`.
        attachment_kind: String,
        /// SHA-256 of the bytes.
        content: String,
        /// Bytes.
        size: u64,
    },
    /// The case ended.
    Ended {
        /// How.
        how: Ending,
        /// The case that it was merged into; an older one says its number alone, as a value.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        into: Option<CaseId>,
    },
    /// Another case was merged into this one (G6); the reason is a value.
    MergedIn {
        /// Which.
        case: CaseId,
        /// Its number.
        number: String,
        /// Numbers of those that had been merged into that one, and came with it.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        with: Vec<String>,
    },
    /// A case that was merged into this one was opened again, and stands on its own.
    MergeUndone {
        /// Which.
        case: CaseId,
        /// Its number.
        number: String,
    },
    /// A closed case was opened again (G4).
    Reopened {
        /// At which step.
        step: String,
    },
    /// A closed case was filed.
    Archived {},
    /// The first event of a data folder.
    Genesis {
        /// A training folder for ever.
        training: bool,
    },
    /// Settings of the institution; the words are values.
    OrganisationSet {},
    /// Opening hours.
    HoursSet {
        /// Pattern and periods.
        hours: crate::time::calendar::Hours,
    },
    /// After how many idle minutes the desk locks.
    IdleLockSet {
        /// Minutes.
        minutes: u32,
    },
    /// An administrator confirmed that the machine's clock is right, though it stands before the newest record (T8).
    ClockConfirmed {
        /// Time of the newest record until then.
        before: Moment,
    },
    /// This office was brought out of a damaged one: what stands at these positions of the log could not be.
    Salvaged {
        /// First and last position of each gap.
        gaps: Vec<(i64, i64)>,
        /// What is not whole, and why.
        lost: Vec<Lost>,
    },
    /// This office was restored from a backup: it knows nothing of what came after this event. Who restored is a value.
    Restored {
        /// Position of the newest event in the backup.
        pos: i64,
        /// Its hash.
        hash: String,
    },
    /// What had been numbered after a backup that was restored, as an administrator said it: none of it is numbered again.
    NumbersSaid {
        /// Numbers of cases that are skipped.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        skipped: Vec<Skipped>,
        /// Numbers of documents that are skipped under cases which this office knows.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        documents: Vec<SkippedDocuments>,
    },
    /// In which folders, on a share or a stick, the program leaves anchors of the log; their paths are a value.
    AnchorFoldersSet {
        /// The paths as older events hold them.
        #[serde(default)]
        folders: Vec<String>,
    },
    /// The data folder was encrypted, or decrypted.
    EncryptionSet {
        /// Encrypted.
        encrypted: bool,
    },
    /// A recovery phrase of an encrypted data folder was made; the one before is void.
    RecoveryPhraseMade {},
    /// Somebody asks for a backup key; it is made when a second person confirms it.
    BackupKeyAsked {
        /// Events about people by then: an account that came later confirms nothing.
        people: u32,
    },
    /// A backup key was made; whoever made it keeps the half that opens backups, which is no event.
    BackupKeyMade {
        /// The half that seals (`age1…`).
        recipient: String,
        /// Who asked for it.
        proposed_by: PersonId,
        /// There was nobody else in the office: who asked and who keeps it is one.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        alone: bool,
    },
    /// A second person refused a backup key that was asked for, or whoever asked took it back.
    BackupKeyRefused {},
    /// Under which procedures the institution takes complaints in; none named: all.
    ProceduresChosen {
        /// Procedure ids.
        procedures: Vec<String>,
    },
    /// A year of the calendar was imported.
    CalendarImported {
        /// The year's days.
        year: crate::time::calendar::YearFile,
    },
    /// An edition was installed.
    EditionInstalled {
        /// Procedure id.
        procedure: String,
        /// Edition.
        edition: String,
        /// Content hash.
        hash: String,
        /// Somebody sees more under it: it waits for a second person.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        waits: bool,
    },
    /// A second person confirmed an edition under which somebody sees more.
    EditionConfirmed {
        /// Content hash.
        hash: String,
    },
    /// A second person refused it; it stays out of use.
    EditionRefused {
        /// Content hash.
        hash: String,
    },
    /// A person was added; login and name are values.
    PersonAdded {
        /// Who.
        person: PersonId,
        /// Kind of account.
        account: Account,
        /// Roles.
        roles: Vec<RoleGrant>,
        /// What of it waits for a second person, e.g. `role:PROCEDURE/ROLE`, `account:auditor`.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        waits: Vec<String>,
    },
    /// A person's account or roles changed.
    PersonUpdated {
        /// Who.
        person: PersonId,
        /// Kind of account.
        account: Account,
        /// Roles.
        roles: Vec<RoleGrant>,
        /// The account is closed; people are never deleted.
        closed: bool,
        /// What of it is new and waits for a second person.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        waits: Vec<String>,
    },
    /// A second person confirmed what somebody was given.
    GrantConfirmed {
        /// Who was given it.
        person: PersonId,
        /// What, e.g. `role:PROCEDURE/ROLE`, `deputy:PERSON`.
        grant: String,
    },
    /// A second person refused it: it is gone.
    GrantRefused {
        /// Who was given it.
        person: PersonId,
        /// What.
        grant: String,
    },
    /// A password was set; its hash is no event.
    PasswordSet {
        /// Whose.
        person: PersonId,
        /// SHA-256 over what is kept of it: name, hash and sealed key. None in older events.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        kept: Option<String>,
    },
    /// A PIN was set; its hash is no event.
    PinSet {
        /// Whose.
        person: PersonId,
        /// SHA-256 over the PIN's hash.
        kept: String,
    },
    /// A person has a new signing key; its secret half is sealed by the password and is no event.
    KeyAdded {
        /// Whose.
        person: PersonId,
        /// The key's id in envelopes.
        key: String,
        /// Its public half, hexadecimal.
        public: String,
        /// Who reset the password: someone else must confirm the key before it signs.
        reset_by: Option<PersonId>,
    },
    /// A key that came with a password reset was confirmed by someone other than the resetter.
    KeyConfirmed {
        /// Whose.
        person: PersonId,
        /// Which.
        key: String,
    },
    /// A second factor was set, or what is kept of it changed; neither its secret nor a recovery code is an event.
    SecondFactorSet {
        /// Whose.
        person: PersonId,
        /// Why.
        change: FactorChange,
        /// SHA-256 over what is kept of it: person, sealed secret, hashes of the recovery codes.
        kept: String,
    },
    /// Somebody turned the own second factor off.
    SecondFactorOff {
        /// Whose.
        person: PersonId,
    },
    /// An administrator asks that somebody's second factor be taken away; it still holds until another confirms.
    SecondFactorReset {
        /// Whose.
        person: PersonId,
    },
    /// A third person confirmed it: the second factor is gone.
    SecondFactorResetConfirmed {
        /// Whose.
        person: PersonId,
    },
    /// Who needs a second factor.
    SecondFactorRuleSet {
        /// The rule from now on.
        rule: FactorRule,
    },
    /// Somebody acts for another on these days, both included; the newest for a pair holds.
    DelegateSet {
        /// For whom.
        principal: PersonId,
        /// Who acts.
        deputy: PersonId,
        /// First day.
        from: chrono::NaiveDate,
        /// Last day.
        until: chrono::NaiveDate,
        /// Somebody else than the principal named the deputy: it does nothing until a second person confirms it.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        waits: bool,
    },
    /// The institution's own limit for a clock (T6); none: back to the procedure's word.
    TargetSet {
        /// Procedure id.
        procedure: String,
        /// Clock id.
        clock: String,
        /// The limit.
        limit: Option<Limit>,
    },
    /// A person, organisation or product is in the register (G16); name and particulars are values.
    PartyKept {
        /// Which.
        party: PartyId,
        /// What it is.
        sort: PartySort,
        /// Marks, e.g. `important`, `new_customer`, `new_product`.
        marks: Vec<String>,
        /// Out of use; nothing is deleted.
        closed: bool,
    },
    /// A report that was owed was made.
    ReportMade {
        /// Procedure id; empty: of the house.
        procedure: String,
        /// The duty's id.
        report: String,
        /// First day.
        from: chrono::NaiveDate,
        /// Last day.
        to: chrono::NaiveDate,
    },
    /// Somebody signed in.
    SignedIn {},
    /// A document was printed again (G18).
    Reprinted {
        /// Which.
        document: DocumentId,
    },
    /// Something was shown in full, exported or backed up.
    Accessed {
        /// What was done, e.g. `export`, `backup`.
        what: String,
        /// Which case, where it is about one.
        case: Option<CaseId>,
        /// Which document, form, file or backup; an id, never a name.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        about: Option<String>,
        /// What seals a backup: `passphrase`, or a backup key (`age1…`). None in older events and for anything else.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        sealed_to: Option<String>,
    },
    /// Cases past their retention were listed for disposal (G10); the reason is a value.
    DisposalListed {
        /// The list.
        disposal: DisposalId,
        /// Its cases.
        cases: Vec<CaseId>,
    },
    /// Somebody approved a list; two do, and neither is who listed it.
    DisposalApproved {
        /// The list.
        disposal: DisposalId,
        /// What the signature means.
        signs: Option<String>,
    },
    /// A list was refused; its cases stay.
    DisposalRefused {
        /// The list.
        disposal: DisposalId,
    },
    /// A list was carried out.
    DisposalDone {
        /// The list.
        disposal: DisposalId,
        /// File names of backups that still hold the cases.
        backups: Vec<String>,
    },
    /// A case's values, documents and files were erased; the last event of its stream.
    Disposed {
        /// The approved list.
        disposal: DisposalId,
    },
}

impl EventBody {
    /// What the act's signature means, where it is one.
    pub fn signs(&self) -> Option<&str> {
        match self {
            Self::Acted { signs, .. } | Self::DisposalApproved { signs, .. } => signs.as_deref(),
            _ => None,
        }
    }

    /// The kind's name as stored, with the body's JSON apart.
    ///
    /// # Errors
    /// Never for the kinds above; serde's error is handed on.
    pub fn split(&self) -> Result<(String, serde_json::Value), serde_json::Error> {
        let mut whole = serde_json::to_value(self)?;
        // The tag that serde writes is a text.
        let kind = whole["kind"].as_str().unwrap_or_default().to_owned();
        Ok((kind, whole["body"].take()))
    }

    /// Puts kind and body together again.
    ///
    /// # Errors
    /// A kind or body that this version does not know.
    pub fn join(kind: &str, body: serde_json::Value) -> Result<Self, serde_json::Error> {
        serde_json::from_value(serde_json::json!({ "kind": kind, "body": body }))
    }
}
