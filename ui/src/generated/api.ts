// Generated from the command list by `cargo test`. Do not edit.

/** Version of the command list that this page speaks. */
export const VERSION = 1

/**
 * One line of the access stream.
 */
export type AccessLine = { 
/**
 * Position in the whole log.
 */
pos: number, 
/**
 * When.
 */
at: string, 
/**
 * Who.
 */
who: string, 
/**
 * What was done.
 */
what: string, 
/**
 * Number of the case that it is about.
 */
number: string | null, 
/**
 * Which document, form or file.
 */
about: string | null, 
/**
 * Why.
 */
why: string, 
/**
 * It is about a confidential case in which an administrator has no part: who and why are covered.
 */
hidden: boolean, };

/**
 * Which lines.
 */
export type AccessListRequest = { 
/**
 * `open_confidential`, `reveal`, `print`, `document`, `attachment`, `export`, `report`, `backup`, `anchor`.
 */
what: string | null, 
/**
 * Before this position: the next page.
 */
before: number | null, 
/**
 * Lines; 100 where not said, 500 at most.
 */
limit: number | null, };

/**
 * Something done on a case.
 */
export type ActRequest = { 
/**
 * Case id or number.
 */
case: string, 
/**
 * Action id as `case.get` gives it.
 */
action: string, 
/**
 * Values by field id.
 */
values: Record<string, unknown>, 
/**
 * Keys of the questions of `value_asks` whose values are meant.
 */
confirmed?: Array<string>, 
/**
 * The `seq` that was looked at; a later one in the store means someone else changed the case.
 */
seq: number | null, 
/**
 * Where the action is a signature (G17).
 */
signature: SignatureRequest | null, };

/**
 * What came of it.
 */
export type ActResponse = { 
/**
 * Events so far.
 */
seq: number, 
/**
 * Kinds of the new events.
 */
events: Array<string>, };

/**
 * An action that stands open, allowed or not.
 */
export type ActionView = { 
/**
 * `action` or `action@task`.
 */
id: string, 
/**
 * On the button.
 */
title: string, 
/**
 * Whose it is.
 */
who: string, 
/**
 * What the signature means; empty: none.
 */
signs: string, 
/**
 * The person may do it now.
 */
allowed: boolean, 
/**
 * Why not.
 */
refusal: null | { code: string, params: Record<string, unknown>, message: string }, 
/**
 * Line of the source.
 */
source: string, 
/**
 * Decision where the source is silent.
 */
default_note: string, 
/**
 * Why it is so, in the words of the document's readers: its clause, or 产品默认, or both.
 */
basis: string, 
/**
 * The task that it belongs to.
 */
task: string | null, 
/**
 * Possible at every step (G15).
 */
always: boolean, 
/**
 * What it does beyond recording, e.g. `close`, `withdraw`, `correct`; `record`: nothing.
 */
effect: string, 
/**
 * Asked in this order.
 */
fields: Array<FieldView>, };

/**
 * A folder that the institution named, and what stands there.
 */
export type AnchorPlace = { 
/**
 * The folder.
 */
folder: string, 
/**
 * The file's name in it.
 */
file: string, 
/**
 * How it stands.
 */
state: AnchorState, 
/**
 * Anchors that were compared.
 */
anchors: number, 
/**
 * Of them: about records that a salvage could not bring out.
 */
salvaged: number, 
/**
 * Lines that say nothing, e.g. torn off while a stick was pulled.
 */
unreadable: number, 
/**
 * When the newest was written, as it stands there.
 */
newest: string | null, };

/**
 * An anchor to be kept elsewhere.
 */
export type AnchorResponse = { 
/**
 * `POS:HASH`.
 */
anchor: string, 
/**
 * A name for the file.
 */
name: string, 
/**
 * Its bytes.
 */
bytes: Blob, };

/**
 * How it stands with a folder.
 */
export type AnchorState = "holds" | "away" | "missing" | "foreign" | "refused" | "differs";

/**
 * A refusal, an invalid request, or a failure of the house.
 */
export type ApiError = { 
/**
 * Stable code.
 */
code: string, 
/**
 * What the sentence needs.
 */
params: Record<string, unknown>, };

/**
 * Who approved, and when.
 */
export type ApprovalView = { 
/**
 * Name.
 */
name: string, 
/**
 * When.
 */
at: string, };

/**
 * A file to add.
 */
export type AttachmentAdd = { 
/**
 * Id or number.
 */
case: string, 
/**
 * File name.
 */
name: string, 
/**
 * What it is, e.g. `evidence`.
 */
kind: string, 
/**
 * Its bytes.
 */
bytes: Blob, };

/**
 * Which file.
 */
export type AttachmentRef = { 
/**
 * Id.
 */
id: string, 
/**
 * Why; kept in the access stream. Whoever has no role in the procedure must say it.
 */
why?: string, };

/**
 * A file.
 */
export type AttachmentResponse = { 
/**
 * File name.
 */
name: string, 
/**
 * Media type, by the bytes.
 */
content_type: string, 
/**
 * Its bytes.
 */
bytes: Blob, };

/**
 * A file in the list.
 */
export type AttachmentView = { 
/**
 * Id.
 */
id: string, 
/**
 * File name.
 */
name: string, 
/**
 * What it is.
 */
kind: string, 
/**
 * Bytes.
 */
size: number, 
/**
 * When.
 */
at: string, 
/**
 * Media type.
 */
content_type: string, };

/**
 * One event as it is chained: no typed words.
 */
export type AuditLine = { 
/**
 * Position in the whole log.
 */
pos: number, 
/**
 * Stream.
 */
stream: string, 
/**
 * Position in the stream.
 */
seq: number, 
/**
 * Kind.
 */
kind: string, 
/**
 * Who.
 */
actor: string, 
/**
 * When.
 */
at: string, 
/**
 * Hash.
 */
hash: string, 
/**
 * It is of a confidential case in which an administrator has no part: who and what are covered.
 */
hidden: boolean, };

/**
 * Which events.
 */
export type AuditListRequest = { 
/**
 * Id or number.
 */
case: string | null, 
/**
 * `office`, `access`, `person:…`.
 */
stream: string | null, 
/**
 * After this position.
 */
after: number | null, 
/**
 * Events; 100 where not said, 500 at most.
 */
limit: number | null, };

/**
 * Something wrong in the log.
 */
export type AuditProblem = { 
/**
 * What.
 */
code: string, 
/**
 * Stream.
 */
stream: string, 
/**
 * Position in the stream.
 */
seq: number, 
/**
 * Field, document or attachment.
 */
about: string, 
/**
 * In words: which case, which record, which field.
 */
message: string, };

/**
 * A key that was asked for.
 */
export type BackupKeyAskedLine = { 
/**
 * By whom.
 */
by: string, 
/**
 * When, RFC 3339.
 */
at: string, 
/**
 * Whoever looks may make and keep it.
 */
may: boolean, 
/**
 * Whoever looks asked for it.
 */
own: boolean, };

/**
 * A key that is in force.
 */
export type BackupKeyLine = { 
/**
 * The half that seals.
 */
recipient: string, 
/**
 * Since when, RFC 3339.
 */
since: string, 
/**
 * Who asked for it.
 */
proposed_by: string, 
/**
 * Who keeps the half that opens.
 */
keeper: string, 
/**
 * Made by one person alone.
 */
alone: boolean, };

/**
 * The own password.
 */
export type BackupKeyMake = { 
/**
 * The password.
 */
password: string, };

/**
 * A key that is not in force yet: the half that opens, shown this once.
 */
export type BackupKeyOffer = { 
/**
 * The half that opens, in groups.
 */
groups: Array<string>, 
/**
 * The half that seals.
 */
recipient: string, 
/**
 * Modules of the QR code on a side; it says the half that opens.
 */
size: number, 
/**
 * Its dark modules as an SVG path.
 */
path: string, 
/**
 * A name for the page.
 */
name: string, 
/**
 * The page for the safe.
 */
pdf: Blob, };

/**
 * That it was printed or written down.
 */
export type BackupKeyProof = { 
/**
 * The last group, read off the page.
 */
last: string, };

/**
 * The backup key as it stands.
 */
export type BackupKeyView = { 
/**
 * The one in force.
 */
key: BackupKeyLine | null, 
/**
 * One that was asked for and waits.
 */
asked: BackupKeyAskedLine | null, 
/**
 * To what a backup is sealed now: `key`, `own` (a passphrase), `missing` or `alone` (there is none until a second
 * person makes a key).
 */
sealing: string, 
/**
 * Nobody else has an account: whoever asks makes and keeps the key alone.
 */
of_one: boolean, };

/**
 * A backup that was made.
 */
export type BackupLine = { 
/**
 * The name that it was given.
 */
name: string, 
/**
 * When.
 */
at: string, 
/**
 * By whom.
 */
by: string, 
/**
 * Sealed by a `passphrase`, to a `key`; empty where an older version did not write it down.
 */
sealed: string, 
/**
 * Who keeps what opens it, where it is sealed to a key of the institution.
 */
keeper: string | null, 
/**
 * That key was made by one person alone.
 */
alone: boolean, };

/**
 * What locks the file.
 */
export type BackupRequest = { 
/**
 * At least eight characters; without it nobody can restore. None where the institution has a backup key.
 */
passphrase?: string, };

/**
 * A backup.
 */
export type BackupResponse = { 
/**
 * A name for the file, free of personal values.
 */
name: string, 
/**
 * Its bytes.
 */
bytes: Blob, 
/**
 * `POS:HASH` of the newest event in it; noted elsewhere, it proves later that nothing before it changed.
 */
anchor: string, 
/**
 * What is damaged in the office and therefore in its backup as well; 0 where it is whole.
 */
damaged: number, 
/**
 * Who keeps what opens it, where it is sealed to the institution's backup key.
 */
keeper: string | null, };

/**
 * Which book.
 */
export type BookRequest = { 
/**
 * Procedure.
 */
procedure: string, 
/**
 * Its book.
 */
book: string, 
/**
 * First day, `YYYY-MM-DD`.
 */
from: string, 
/**
 * Last day, `YYYY-MM-DD`.
 */
to: string, 
/**
 * `pdf` or `xlsx`.
 */
format: string, };

/**
 * A year's file.
 */
export type CalendarImport = { 
/**
 * `{year, papers, days: [{name, date, isOffDay}]}`.
 */
file: { year: number, papers: string[], days: { name: string, date: string, isOffDay: boolean }[] }, 
/**
 * The days of `calendar_asks`, or how few there are (`calendar_few`), were looked at and are meant.
 */
confirm?: boolean, };

/**
 * What importing touched.
 */
export type CalendarImported = { 
/**
 * Calendar year.
 */
year: number, 
/**
 * Days of the notice.
 */
days: number, 
/**
 * Limits that can be computed anew; nothing has moved yet.
 */
provisional: Array<ProvisionalView>, };

/**
 * Which case, and how much of it.
 */
export type CaseFileRequest = { 
/**
 * Id or number.
 */
case: string, 
/**
 * `filled` or `redacted`.
 */
variant: Variant, 
/**
 * Why somebody without part in the case opens it.
 */
why?: string, };

/**
 * One row of the list.
 */
export type CaseLine = { 
/**
 * Id.
 */
id: string, 
/**
 * Number.
 */
number: string, 
/**
 * What it is called.
 */
headline: string, 
/**
 * Masked (G11) unless the person's role needs names.
 */
complainant: string, 
/**
 * A confidential case.
 */
confidential: boolean, 
/**
 * A confidential case in which the person has no part: title and names are not told.
 */
hidden: boolean, 
/**
 * Status.
 */
status: string, 
/**
 * Filed.
 */
archived: boolean, 
/**
 * Where it stands.
 */
step_title: string, 
/**
 * RFC 3339.
 */
received_at: string, 
/**
 * The nearest due time.
 */
due: string | null, 
/**
 * `late`, `soon`, `running` or `none`.
 */
due_state: string, };

/**
 * A search or filter.
 */
export type CaseListRequest = { 
/**
 * Words, names, phones, report numbers, pinyin initials.
 */
text: string | null, 
/**
 * Procedure id.
 */
procedure: string | null, 
/**
 * `open`, `closed` …
 */
status: string | null, 
/**
 * `late` or `soon`.
 */
clock: string | null, 
/**
 * Person id.
 */
person: string | null, 
/**
 * `YYYY-MM-DD`, received from.
 */
from: string | null, 
/**
 * `YYYY-MM-DD`, received until.
 */
to: string | null, 
/**
 * Where the page before ended.
 */
cursor: string | null, 
/**
 * Rows; 50 where not said, 200 at most.
 */
limit: number | null, };

/**
 * A page of the list.
 */
export type CaseListResponse = { 
/**
 * Rows, newest first.
 */
rows: Array<CaseLine>, 
/**
 * Where the next page begins.
 */
next: string | null, 
/**
 * All that match.
 */
total: number, 
/**
 * Rows of this page that are damaged and not in it; in a damaged office, all cases that cannot be read.
 */
unreadable: number, };

/**
 * Which case.
 */
export type CaseRef = { 
/**
 * Id or number.
 */
case: string, 
/**
 * Opens what is covered, for this session; kept in the access stream.
 */
why?: string, };

/**
 * One case.
 */
export type CaseView = { 
/**
 * Id.
 */
id: string, 
/**
 * Number.
 */
number: string, 
/**
 * Procedure id.
 */
procedure: string, 
/**
 * Its title.
 */
procedure_title: string, 
/**
 * Edition it stays on.
 */
edition: string, 
/**
 * `open`, `closed`, `withdrawn`, `merged`, `transferred` or `voided`.
 */
status: string, 
/**
 * Filed.
 */
archived: boolean, 
/**
 * Its values were erased after retention (G10).
 */
disposed: boolean, 
/**
 * First day on which it may be disposed of, once it is archived.
 */
keep_until: string | null, 
/**
 * Why it is confidential; empty: it is not.
 */
confidential: Array<string>, 
/**
 * Something is covered for whoever looks.
 */
covered: boolean, 
/**
 * A reason opens what is covered.
 */
may_reveal: boolean, 
/**
 * What it is called.
 */
headline: string, 
/**
 * Who complains.
 */
complainant: string, 
/**
 * T1.
 */
received_at: string, 
/**
 * T1.
 */
entered_at: string, 
/**
 * Channel in words.
 */
channel: string, 
/**
 * Events so far.
 */
seq: number, 
/**
 * Round (G4).
 */
round: number, 
/**
 * The way.
 */
steps: Array<WayStep>, 
/**
 * Now.
 */
now: NowView, 
/**
 * What can be done, and by whom.
 */
actions: Array<ActionView>, 
/**
 * What is missing before the case can be closed (G7), and once it is closed, before it can be filed.
 */
missing: Array<MissingView>, 
/**
 * Limits.
 */
clocks: Array<ClockView>, 
/**
 * Side tasks.
 */
tasks: Array<TaskView>, 
/**
 * What happened.
 */
timeline: Array<TimelineView>, 
/**
 * Forms.
 */
forms: Array<FormView>, 
/**
 * Documents.
 */
documents: Array<DocumentView>, 
/**
 * Values.
 */
values: Array<ValueView>, 
/**
 * What was left open.
 */
left_open: Array<LeftOpenView>, 
/**
 * Files.
 */
attachments: Array<AttachmentView>, 
/**
 * Where it went, if it was merged into another.
 */
merged_into: MergedIntoView | null, 
/**
 * Cases that were merged into it.
 */
merged_in: Array<MergedInView>, 
/**
 * 回避.
 */
excluded: Array<ExcludedView>, };

/**
 * The own password, changed.
 */
export type ChangePasswordRequest = { 
/**
 * The one until now.
 */
old: string, 
/**
 * The one from now on.
 */
new: string, };

/**
 * One option.
 */
export type ChoiceView = { 
/**
 * Stored.
 */
id: string, 
/**
 * Shown.
 */
title: string, };

/**
 * A limit.
 */
export type ClockRuleView = { 
/**
 * Id.
 */
id: string, 
/**
 * Words.
 */
title: string, 
/**
 * The limit in words.
 */
limit: string, 
/**
 * Line of the source.
 */
source: string, 
/**
 * Decision where the source is silent.
 */
default_note: string, };

/**
 * A limit.
 */
export type ClockView = { 
/**
 * Id within the case.
 */
id: string, 
/**
 * Words.
 */
title: string, 
/**
 * RFC 3339; none for 立即, 及时.
 */
due: string | null, 
/**
 * Not before.
 */
opens: string | null, 
/**
 * `waiting`, `running`, `late`, `met` or `missed`.
 */
state: string, 
/**
 * When it was stopped.
 */
stopped_at: string | null, 
/**
 * When it began.
 */
started_at: string, 
/**
 * Why it is due then (T5).
 */
explanation: string, 
/**
 * Why the limit is so, in the words of the document's readers: its clause, or 产品默认.
 */
basis: string, 
/**
 * Line of the source.
 */
source: string, 
/**
 * Decision where the source is silent.
 */
default_note: string, 
/**
 * Computed past known data (T4).
 */
provisional: boolean, 
/**
 * 立即, 及时 (T6).
 */
word: string, 
/**
 * The complainant's to keep, not ours: an objection period. Never late on our side.
 */
of_complainant: boolean, 
/**
 * The task that it belongs to.
 */
task: string | null, };

/**
 * Which person.
 */
export type ConfirmKeyRequest = { 
/**
 * Whose new key.
 */
id: string, };

/**
 * One copy to give out.
 */
export type CopyRequest = { 
/**
 * `paper` or `electronic`.
 */
kind: string, 
/**
 * Who gets it.
 */
holder: string, };

/**
 * What is known of the damage.
 */
export type DamageView = { 
/**
 * Damage was seen: nothing is written.
 */
read_only: boolean, 
/**
 * People, institution, register and cases of which something is missing; the check names the rest.
 */
parts: Array<DamagedPart>, 
/**
 * Events of the log of which nobody knows what they were.
 */
unreadable: number, 
/**
 * Somebody who keeps the office can still sign in.
 */
administrator: boolean, };

/**
 * Something that cannot be read, or not wholly.
 */
export type DamagedPart = { 
/**
 * `person:…`, `office`, `party:…` or `case:…`.
 */
stream: string, 
/**
 * Who or which case it is, where that can be read.
 */
name: string, 
/**
 * Why, as a code: `event_unreadable`, `seq_gap`, `end_lost`, `end_unknown`.
 */
why: string, 
/**
 * In words: what it is, and what that means.
 */
message: string, };

/**
 * A day.
 */
export type DayView = { 
/**
 * `YYYY-MM-DD`.
 */
date: string, 
/**
 * `working`, `make_up`, `weekend` or `holiday`.
 */
kind: string, 
/**
 * Of which holiday.
 */
name: string | null, };

/**
 * Who acts for whom, from which day to which, both included.
 */
export type DelegateRequest = { 
/**
 * For whom.
 */
principal: string, 
/**
 * Who acts.
 */
deputy: string, 
/**
 * First day, `2026-05-11`.
 */
from: string, 
/**
 * Last day, `2026-05-15`; one in the past ends the delegation.
 */
until: string, };

/**
 * A delegation.
 */
export type DelegateView = { 
/**
 * For whom.
 */
principal: string, 
/**
 * Who acts.
 */
deputy: string, 
/**
 * First day.
 */
from: string, 
/**
 * Last day.
 */
until: string, 
/**
 * Somebody else than the principal asked for it: it does nothing until a second person has confirmed it.
 */
waits: boolean, };

/**
 * Which procedure is described.
 */
export type DescribeRequest = { 
/**
 * Procedure id.
 */
id: string, };

/**
 * One thing on the desk.
 */
export type DeskItem = { 
/**
 * Case id.
 */
case: string, 
/**
 * Number.
 */
number: string, 
/**
 * What is to be done.
 */
title: string, 
/**
 * About what.
 */
subtitle: string, 
/**
 * A confidential case in which the person has no part.
 */
hidden: boolean, 
/**
 * The task that it belongs to.
 */
task: string | null, 
/**
 * RFC 3339.
 */
due: string | null, 
/**
 * In words.
 */
due_text: string, 
/**
 * `late`, `soon`, `running` or `none`.
 */
state: string, 
/**
 * Of which limit.
 */
explanation: string, 
/**
 * 立即, 及时 …, where no limit with a number runs (T6); else empty.
 */
word: string, 
/**
 * Since when that limit has run.
 */
since: string | null, };

/**
 * A property that says something else, as it stands in the data.
 */
export type DetailView = { 
/**
 * Its key.
 */
property: string, 
/**
 * Before.
 */
old: unknown, 
/**
 * After.
 */
new: unknown, };

/**
 * Two editions of a procedure, each by label or hash.
 */
export type DiffRequest = { 
/**
 * Procedure id.
 */
id: string, 
/**
 * The older.
 */
from: string, 
/**
 * The newer.
 */
to: string, };

/**
 * A part that differs.
 */
export type DifferenceView = { 
/**
 * Kind of part, e.g. `clock`.
 */
what: string, 
/**
 * Its id.
 */
id: string, 
/**
 * Its title.
 */
title: string, 
/**
 * `added`, `removed` or `changed`.
 */
turn: string, 
/**
 * What says something else.
 */
details: Array<DetailView>, };

/**
 * An approval.
 */
export type DisposalApprove = { 
/**
 * Id.
 */
disposal: string, 
/**
 * With what it is signed.
 */
signature: SignatureRequest | null, };

/**
 * A case whose retention has ended.
 */
export type DisposalDue = { 
/**
 * Id.
 */
case: string, 
/**
 * Number.
 */
number: string, 
/**
 * Title of its procedure.
 */
procedure_title: string, 
/**
 * What it is called, as far as whoever asks may see it.
 */
headline: string, 
/**
 * When it ended.
 */
ended_at: string | null, 
/**
 * First day on which it may be disposed of.
 */
keep_until: string | null, 
/**
 * A list that already holds it and still waits.
 */
listed: boolean, };

/**
 * What is due, and the lists.
 */
export type DisposalOverview = { 
/**
 * Cases whose retention has ended, the oldest first; 500 at most.
 */
due: Array<DisposalDue>, 
/**
 * Lists, the newest first.
 */
lists: Array<DisposalView>, };

/**
 * The printed list.
 */
export type DisposalPaper = { 
/**
 * A name for the file.
 */
name: string, 
/**
 * The PDF.
 */
pdf: Blob, };

/**
 * Cases to put on a list.
 */
export type DisposalPropose = { 
/**
 * Ids or numbers.
 */
cases: Array<string>, 
/**
 * Why.
 */
reason: string, };

/**
 * Which list.
 */
export type DisposalRef = { 
/**
 * Id.
 */
disposal: string, };

/**
 * A refusal.
 */
export type DisposalRefuse = { 
/**
 * Id.
 */
disposal: string, 
/**
 * Why.
 */
reason: string, };

/**
 * A list.
 */
export type DisposalView = { 
/**
 * Id.
 */
id: string, 
/**
 * Numbers of its cases.
 */
numbers: Array<string>, 
/**
 * Why.
 */
reason: string, 
/**
 * Who made it.
 */
by: string, 
/**
 * When.
 */
at: string, 
/**
 * Approvals so far; two are needed.
 */
approvals: Array<ApprovalView>, 
/**
 * `waiting`, `approved`, `refused` or `done`.
 */
state: string, 
/**
 * Why it was refused, and by whom.
 */
refused: string | null, 
/**
 * When it was carried out.
 */
done_at: string | null, 
/**
 * Backups, copies and other places that still hold the cases.
 */
backups: Array<string>, 
/**
 * Whoever asks may approve it now.
 */
may_approve: boolean, 
/**
 * Whoever asks may carry it out now.
 */
may_carry_out: boolean, 
/**
 * What an approval's signature means.
 */
meaning: string, };

/**
 * Which document.
 */
export type DocumentRef = { 
/**
 * Its id.
 */
document: string, 
/**
 * Why; kept in the access stream. Whoever has no role in the procedure must say it.
 */
why?: string, };

/**
 * A document's PDF.
 */
export type DocumentResponse = { 
/**
 * Its number.
 */
number: string, 
/**
 * The PDF.
 */
pdf: Blob, };

/**
 * A document given out.
 */
export type DocumentView = { 
/**
 * Id.
 */
id: string, 
/**
 * Form id.
 */
form: string, 
/**
 * The task that it is about.
 */
task: string | null, 
/**
 * Form's words.
 */
title: string, 
/**
 * Document number.
 */
number: string, 
/**
 * When.
 */
at: string, 
/**
 * By whom.
 */
by: string, 
/**
 * Pages.
 */
pages: number, 
/**
 * Something that it shows was added or changed since.
 */
outdated: boolean, 
/**
 * What, in words.
 */
since: Array<string>, 
/**
 * A later one took its place.
 */
superseded_by: string | null, 
/**
 * Kinds of its copies.
 */
copies: Array<string>, };

/**
 * Nothing to say but that it is done.
 */
export type Done = { 
/**
 * Always true.
 */
done: boolean, };

/**
 * A draft that was taken.
 */
export type DraftKept = { 
/**
 * Always true.
 */
done: boolean, 
/**
 * When, by the institution's clock.
 */
at: string, };

/**
 * A draft to keep.
 */
export type DraftPut = { 
/**
 * Where it belongs, e.g. `register`.
 */
key: string, 
/**
 * What was typed.
 */
value: unknown, };

/**
 * Which draft.
 */
export type DraftRef = { 
/**
 * Where it belongs.
 */
key: string, };

/**
 * A draft.
 */
export type DraftView = { 
/**
 * Where it belongs.
 */
key: string, 
/**
 * What was typed.
 */
value: unknown, 
/**
 * When.
 */
at: string, };

/**
 * A limit to compute.
 */
export type DueRequest = { 
/**
 * `hours`, `working_hours`, `working_days` or `calendar_days`.
 */
unit: 'hours'|'working_hours'|'working_days'|'calendar_days', 
/**
 * How many; two decimals at most.
 */
amount: number, 
/**
 * RFC 3339.
 */
start: string, 
/**
 * T3; true where not said.
 */
roll: boolean | null, };

/**
 * When it is due, and why.
 */
export type DueResponse = { 
/**
 * RFC 3339; end of day is 00:00 of the next.
 */
due: string, 
/**
 * The sentence.
 */
explanation: string, 
/**
 * False where a year had no data.
 */
known: boolean, };

/**
 * What is owed, and what was made.
 */
export type DutiesView = { 
/**
 * Due for whoever asks, the oldest first.
 */
due: Array<DutyView>, 
/**
 * The newest first.
 */
made: Array<MadeView>, };

/**
 * A report that is due, or overdue.
 */
export type DutyView = { 
/**
 * Procedure id.
 */
procedure: string, 
/**
 * Its title.
 */
procedure_title: string, 
/**
 * The duty's id.
 */
duty: string, 
/**
 * In words.
 */
title: string, 
/**
 * As `report.period` takes it.
 */
kind: string, 
/**
 * First day.
 */
from: string, 
/**
 * Last day.
 */
to: string, 
/**
 * The day on which it became due.
 */
due: string, 
/**
 * Due before today.
 */
late: boolean, 
/**
 * For whom.
 */
for_whom: string, 
/**
 * Line of the source.
 */
source: string, };

/**
 * An edition that the office knows.
 */
export type EditionView = { 
/**
 * Procedure id.
 */
procedure: string, 
/**
 * Title of the document.
 */
title: string, 
/**
 * Its label.
 */
edition: string, 
/**
 * SHA-256 over its files.
 */
hash: string, 
/**
 * It came with the program.
 */
shipped: boolean, 
/**
 * New cases are opened under it.
 */
current: boolean, 
/**
 * Who installed it.
 */
by: string, 
/**
 * When.
 */
at: string | null, 
/**
 * Why it cannot be used, where it cannot: the one before it is current instead.
 */
unusable?: string, 
/**
 * Somebody sees more under it, and no second person has confirmed it yet.
 */
waits: boolean, 
/**
 * A second person refused it.
 */
refused: boolean, 
/**
 * Open cases that stay on it.
 */
open_cases: number, };

/**
 * Of which procedure; of all where none is named.
 */
export type EditionsRequest = { 
/**
 * Procedure id.
 */
id?: string, };

/**
 * Turns encryption on or off.
 */
export type EncryptionSet = { 
/**
 * On.
 */
on: boolean, };

/**
 * How the office is kept.
 */
export type EncryptionView = { 
/**
 * In a folder, which can be encrypted; a database server looks after its own disk.
 */
folder: boolean, 
/**
 * The folder is encrypted.
 */
encrypted: boolean, 
/**
 * A recovery phrase was made.
 */
phrase: boolean, 
/**
 * A new key can be kept: the keystore works, or a key file is named.
 */
keystore: boolean, };

/**
 * A person excluded by the case (G1).
 */
export type ExcludedView = { 
/**
 * Person id.
 */
id: string, 
/**
 * Name.
 */
name: string, 
/**
 * Bar.
 */
relation: string, 
/**
 * Its words.
 */
relation_title: string, 
/**
 * An exception was recorded.
 */
excepted: boolean, };

/**
 * A field to be asked.
 */
export type FieldView = { 
/**
 * Field id.
 */
id: string, 
/**
 * Shown beside the input.
 */
title: string, 
/**
 * Kind.
 */
kind: 'text'|'long_text'|'number'|'measure'|'date'|'time'|'choice'|'many'|'yes_no'|'staff'|'attachment'|'party'|'rows', 
/**
 * Needed while it is shown.
 */
required: boolean, 
/**
 * Options.
 */
choices: Array<ChoiceView>, 
/**
 * Columns of rows.
 */
columns: Array<FieldView>, 
/**
 * G11.
 */
class: 'open'|'personal'|'sensitive', 
/**
 * Characters or rows.
 */
max: number | null, 
/**
 * Several people.
 */
multiple: boolean, 
/**
 * "Unknown" with a reason and a second person is an answer.
 */
unknown_allowed: boolean, 
/**
 * Shown while this holds.
 */
when: Record<string, unknown>, 
/**
 * A fact: not in the future.
 */
past: boolean, 
/**
 * Something to come: one that has passed is asked about.
 */
future: boolean, 
/**
 * The least that a number may be; none: any.
 */
least: number | null, 
/**
 * The most that a number may be.
 */
most: number | null, 
/**
 * Decimals of a number; 0: whole; none: any.
 */
decimals: number | null, 
/**
 * What a number counts.
 */
unit: string, 
/**
 * A helping sentence.
 */
hint: string, 
/**
 * Line of the source.
 */
source: string, 
/**
 * Decision where the source is silent.
 */
default_note: string, 
/**
 * Where registration shows it: `who`, `what` or `first`.
 */
section: string, };

/**
 * A file.
 */
export type FileResponse = { 
/**
 * A name for it, free of personal values.
 */
name: string, 
/**
 * Its bytes.
 */
bytes: Blob, };

/**
 * The first administrator.
 */
export type FirstAdmin = { 
/**
 * Name.
 */
name: string, 
/**
 * Sign-in name.
 */
login: string, 
/**
 * Password.
 */
password: string, };

/**
 * A preview or a blank.
 */
export type FormRequest = { 
/**
 * Id or number; a blank needs none.
 */
case: string | null, 
/**
 * For a blank: the procedure; `inspection-station` style id.
 */
procedure: string | null, 
/**
 * Form id.
 */
form: string, 
/**
 * The task that it is filled for.
 */
task: string | null, 
/**
 * How it is filled.
 */
variant: Variant, 
/**
 * Why it is printed; kept in the access stream. Whoever has no role in the procedure must say it.
 */
why?: string, };

/**
 * A form that the case can print.
 */
export type FormView = { 
/**
 * Id.
 */
id: string, 
/**
 * Words.
 */
title: string, 
/**
 * The task that it is filled for.
 */
task: string | null, 
/**
 * May be given out.
 */
ready: boolean, 
/**
 * Number of the document of this form that stands: given out, not superseded, and of this round where each round
 * has its own.
 */
standing: string | null, 
/**
 * What it waits for.
 */
missing: Array<MissingView>, };

/**
 * A character that is printed as a framed code point.
 */
export type GlyphLine = { 
/**
 * `U+1F9FF`.
 */
code: string, 
/**
 * The character.
 */
character: string, };

/**
 * Words that are being typed.
 */
export type GlyphsRequest = { 
/**
 * As far as they are typed.
 */
text: string, };

/**
 * What of them no font has.
 */
export type GlyphsResponse = { 
/**
 * Each character once, with its code point.
 */
missing: Array<GlyphLine>, };

/**
 * Which grant.
 */
export type GrantRef = { 
/**
 * Its id.
 */
id: string, };

/**
 * Something that waits for a second person.
 */
export type GrantView = { 
/**
 * Tells it from the others.
 */
id: string, 
/**
 * `role`, `account`, `deputy`, `edition`, `key`, `vouch` (whether a second person knows of an account) or `backup_key`.
 */
kind: string, 
/**
 * To whom; for an edition the procedure's title, for a deputy the principal.
 */
whom: string, 
/**
 * What: the role with its procedure, the kind of account, the deputy with the days, the edition's label.
 */
what: string, 
/**
 * Who gave it.
 */
by: string, 
/**
 * When, RFC 3339.
 */
at: string, 
/**
 * Whoever asks may confirm or refuse it.
 */
may: boolean, 
/**
 * The first password was typed by somebody else and the person has not set another: whoever gave it knows it.
 */
password_of_giver: boolean, };

/**
 * The highest number of a procedure and year that was given out.
 */
export type HighestNumber = { 
/**
 * Procedure id.
 */
procedure: string, 
/**
 * Year.
 */
year: number, 
/**
 * As printed, or its running number alone; the known one, or nothing, where none was given out since.
 */
highest: string, };

/**
 * What was installed.
 */
export type InstalledView = { 
/**
 * Procedure id.
 */
procedure: string, 
/**
 * Its edition.
 */
edition: string, 
/**
 * SHA-256 over its files.
 */
hash: string, 
/**
 * Somebody sees more under it: it comes into force once a second person has confirmed it.
 */
waits: boolean, };

/**
 * A document to give out.
 */
export type IssueRequest = { 
/**
 * Id or number.
 */
case: string, 
/**
 * Form id.
 */
form: string, 
/**
 * The task that it is filled for.
 */
task: string | null, 
/**
 * Copies; one of paper where none is named.
 */
copies: Array<CopyRequest>, 
/**
 * The `seq` that was looked at.
 */
seq: number | null, 
/**
 * Why, where the person sees only some of the case.
 */
why?: string, };

/**
 * A document given out.
 */
export type IssueResponse = { 
/**
 * Its id.
 */
document: string, 
/**
 * Its number.
 */
number: string, 
/**
 * The PDF.
 */
pdf: Blob, 
/**
 * Pages.
 */
pages: number, };

/**
 * Something drawn.
 */
export type Item = { "kind": "text", 
/**
 * Left.
 */
x: number, 
/**
 * Baseline.
 */
y: number, 
/**
 * Points.
 */
size: number, 
/**
 * Bold face.
 */
bold: boolean, 
/**
 * Which face of the chain.
 */
font: number, 
/**
 * The characters.
 */
text: string, 
/**
 * Added after each character, points.
 */
spacing: number, 
/**
 * Width, millimetres.
 */
width: number, 
/**
 * Grey of a mark: 0 black to 1 white.
 */
grey: number, 
/**
 * Counter-clockwise, degrees.
 */
angle: number, } | { "kind": "line", 
/**
 * From.
 */
x1: number, 
/**
 * From.
 */
y1: number, 
/**
 * To.
 */
x2: number, 
/**
 * To.
 */
y2: number, 
/**
 * Points.
 */
weight: number, 
/**
 * Dashed, e.g. a cut line.
 */
dashed: boolean, } | { "kind": "fill", 
/**
 * Left.
 */
x: number, 
/**
 * Top.
 */
y: number, 
/**
 * Width.
 */
width: number, 
/**
 * Height.
 */
height: number, 
/**
 * 0 black to 1 white.
 */
grey: number, } | { "kind": "stroke", 
/**
 * Corners.
 */
points: Array<[number, number]>, 
/**
 * Points.
 */
weight: number, 
/**
 * Joined at the end.
 */
closed: boolean, };

/**
 * Up to which number a restored office knows the cases of a procedure and year.
 */
export type KnownNumbers = { 
/**
 * Procedure id.
 */
procedure: string, 
/**
 * Its title.
 */
title: string, 
/**
 * Year.
 */
year: number, 
/**
 * The last number that is known; 0: none.
 */
last: number, 
/**
 * The same as it is printed; empty: none.
 */
number: string, 
/**
 * How the next one would be printed.
 */
next: string, };

/**
 * A laid-out form. Millimetres, from the upper left corner.
 */
export type Laid = { 
/**
 * Width of a page.
 */
width: number, 
/**
 * Height of a page.
 */
height: number, 
/**
 * Pages.
 */
pages: Array<Page>, 
/**
 * Characters that no font has; drawn as a framed code point, listed at the foot, and reported before printing.
 */
missing: Array<Missing>, };

/**
 * Something that was asked for and left open, which whoever looks may write down now (G14).
 */
export type LeftOpenView = { 
/**
 * Field, or `task/field`.
 */
key: string, 
/**
 * Words.
 */
title: string, 
/**
 * Its field.
 */
field: FieldView, };

/**
 * A case, a person or another part of the log that is not whole.
 */
export type LostPart = { 
/**
 * `case:ID`, `person:ID`, `office` …
 */
stream: string, 
/**
 * The case's number, where it can still be read.
 */
number: string | null, 
/**
 * Why, as a code: `hash_differs`, `document_differs`, `end_lost` …
 */
why: string, 
/**
 * The same in words.
 */
message: string, };

/**
 * A report that was made.
 */
export type MadeView = { 
/**
 * In words.
 */
title: string, 
/**
 * First day.
 */
from: string, 
/**
 * Last day.
 */
to: string, 
/**
 * Who.
 */
by: string, 
/**
 * When.
 */
at: string, };

/**
 * A case that was merged into this one.
 */
export type MergedInView = { 
/**
 * Its id.
 */
case: string, 
/**
 * Its number.
 */
number: string, 
/**
 * Numbers of those that had been merged into it before.
 */
with: Array<string>, 
/**
 * When.
 */
at: string, };

/**
 * Where a merged case went.
 */
export type MergedIntoView = { 
/**
 * Id of the case that it was merged into.
 */
case: string, 
/**
 * Its number.
 */
number: string, 
/**
 * Id of the case that lives: where that one was merged in turn, the end of the chain.
 */
living: string, 
/**
 * Its number.
 */
living_number: string, 
/**
 * `open`, `closed` …
 */
living_status: string, };

/**
 * A character that no font has.
 */
export type Missing = { 
/**
 * The code point, as it is printed: `U+1F9FF`.
 */
code: string, 
/**
 * The character.
 */
character: string, 
/**
 * The key under which it was filled in, e.g. a field's id; empty where the form itself has it.
 */
field: string, 
/**
 * What that is called.
 */
title: string, };

/**
 * Something missing.
 */
export type MissingView = { 
/**
 * Field, action, or what closing lacks (G7).
 */
code: string, 
/**
 * In words.
 */
title: string, 
/**
 * The paper that is to be given out.
 */
form: string | null, 
/**
 * Its task.
 */
task: string | null, };

/**
 * An id with its title and source.
 */
export type NamedView = { 
/**
 * Id.
 */
id: string, 
/**
 * Words.
 */
title: string, 
/**
 * Line of the source.
 */
source: string, };

/**
 * A request without content.
 */
export type Nothing = Record<symbol, never>;

/**
 * What stands open now.
 */
export type NowView = { 
/**
 * The step's id.
 */
step: string, 
/**
 * The step's words.
 */
title: string, 
/**
 * Source, or that it is a product default.
 */
note: string, };

/**
 * What was given out since the backup.
 */
export type NumbersSay = { 
/**
 * One for each procedure and year that `numbers.get` names.
 */
cases: Array<HighestNumber>, 
/**
 * Numbers of documents that were given out since for cases that this office knows.
 */
documents: Array<string>, };

/**
 * Restores and what was said of them.
 */
export type NumbersView = { 
/**
 * A backup was restored, and nobody has said yet what was given out since.
 */
unsaid: boolean, 
/**
 * When the newest restore was noted; none: never.
 */
restored_at: string | null, 
/**
 * By whom: user and machine.
 */
restored_by: string, 
/**
 * `POS:HASH` of the newest event that the backup knew.
 */
anchor: string, 
/**
 * Up to which number this office knows.
 */
known: Array<KnownNumbers>, 
/**
 * What is skipped.
 */
skipped: Array<SkippedView>, };

/**
 * The machine's clock beside the newest record.
 */
export type OfficeClock = { 
/**
 * What the clock says.
 */
now: string, 
/**
 * Time of the newest record.
 */
newest: string, 
/**
 * The clock stands so far before it that nothing is written.
 */
back: boolean, };

/**
 * What changes on the institution.
 */
export type OfficeSet = { 
/**
 * Institution.
 */
organisation?: Organisation, 
/**
 * Opening hours.
 */
hours?: { weekdays: boolean[], periods: { from: string, to: string }[] }, 
/**
 * The desk locks after so many idle minutes, 1 to 120.
 */
idle_minutes?: number, 
/**
 * Procedures under which complaints are taken in; an empty list: all.
 */
procedures?: Array<string>, 
/**
 * Who needs a second factor: `off`, `optional`, `administrators`, `signatories`.
 */
second_factor?: string, 
/**
 * Folders, as the host sees them, in which anchors of the log are left; an empty list: nowhere.
 */
anchor_folders?: Array<string>, 
/**
 * The `seq` that was looked at.
 */
seq?: number, };

/**
 * Institution, opening hours and calendars.
 */
export type OfficeView = { 
/**
 * Institution.
 */
organisation: Organisation, 
/**
 * Opening hours.
 */
hours: { weekdays: boolean[], periods: { from: string, to: string }[] }, 
/**
 * Years with data.
 */
years: Array<number>, 
/**
 * 演练.
 */
training: boolean, 
/**
 * The desk locks after so many idle minutes.
 */
idle_minutes: number, 
/**
 * Who needs a second factor: `off`, `optional`, `administrators`, `signatories`.
 */
second_factor: string, 
/**
 * Folders, as the host sees them, in which anchors of the log are left.
 */
anchor_folders: Array<string>, 
/**
 * Changes with everything that is changed on the institution.
 */
seq: number, };

/**
 * Name, address and phone as printed on forms.
 */
export type Organisation = { 
/**
 * Full name.
 */
name: string, 
/**
 * Postal address.
 */
address: string, 
/**
 * Telephone.
 */
phone: string, };

/**
 * One page.
 */
export type Page = { 
/**
 * In drawing order.
 */
items: Array<Item>, };

/**
 * An entry as it shall be.
 */
export type PartyKeep = { 
/**
 * None: a new one.
 */
id?: string, 
/**
 * What it is.
 */
sort: string, 
/**
 * Name.
 */
name: string, 
/**
 * Telephone.
 */
phone: string, 
/**
 * Address.
 */
address: string, 
/**
 * What else is known.
 */
note: string, 
/**
 * Marks.
 */
marks: Array<string>, 
/**
 * Out of use.
 */
closed: boolean, 
/**
 * The entry's `seq` as it was shown.
 */
seq?: number, };

/**
 * What to look for.
 */
export type PartyListRequest = { 
/**
 * Part of a name.
 */
text?: string, 
/**
 * Only these.
 */
sort?: string, 
/**
 * Closed ones too.
 */
closed?: boolean, };

/**
 * A line of the register.
 */
export type PartyView = { 
/**
 * Id.
 */
id: string, 
/**
 * `person`, `organisation` or `product`.
 */
sort: string, 
/**
 * Name.
 */
name: string, 
/**
 * Telephone.
 */
phone: string, 
/**
 * Address.
 */
address: string, 
/**
 * What else is known.
 */
note: string, 
/**
 * Marks.
 */
marks: Array<string>, 
/**
 * Out of use.
 */
closed: boolean, 
/**
 * For keeping it: a change in between is refused.
 */
seq: number, };

/**
 * Somebody to add.
 */
export type PersonAdd = { 
/**
 * Name.
 */
name: string, 
/**
 * Sign-in name; none for people who are only named.
 */
login: string | null, 
/**
 * First password.
 */
password: string | null, 
/**
 * `administrator`, `member`, `auditor` or `named`.
 */
account: string, 
/**
 * Roles.
 */
roles: Array<RoleLine>, };

/**
 * Which person.
 */
export type PersonRef = { 
/**
 * Id.
 */
id: string, };

/**
 * What changes on a person.
 */
export type PersonUpdate = { 
/**
 * Who.
 */
id: string, 
/**
 * New name.
 */
name: string | null, 
/**
 * New kind of account.
 */
account: string | null, 
/**
 * New roles.
 */
roles: Array<RoleLine> | null, 
/**
 * Left, or back.
 */
closed: boolean | null, 
/**
 * New password.
 */
password: string | null, 
/**
 * The `seq` that was looked at.
 */
seq?: number, };

/**
 * A person in the list.
 */
export type PersonView = { 
/**
 * Id.
 */
id: string, 
/**
 * Name.
 */
name: string, 
/**
 * Sign-in name.
 */
login: string, 
/**
 * Kind of account.
 */
account: string, 
/**
 * Left.
 */
closed: boolean, 
/**
 * Roles.
 */
roles: Array<RoleLine>, 
/**
 * Those that a second person has not confirmed yet: they do not open confidential cases.
 */
unconfirmed: Array<RoleLine>, 
/**
 * The key of a password reset waits for someone else to confirm it.
 */
key_unconfirmed: boolean, 
/**
 * Signing in asks for a second factor.
 */
second_factor: boolean, 
/**
 * An administrator asked that it be taken away; a third person is to confirm.
 */
second_factor_reset: boolean, 
/**
 * Something of what the log says of the person was lost to damage: they do not sign in until an administrator has
 * looked at the account and saved it.
 */
unsure: boolean, 
/**
 * Changes with everything that is changed on the person.
 */
seq: number, };

/**
 * A recovery phrase: shown once, and kept nowhere.
 */
export type PhraseView = { 
/**
 * Eight groups.
 */
phrase: string, 
/**
 * A name for the page.
 */
name: string, 
/**
 * The page for the safe.
 */
pdf: Blob, };

/**
 * A PIN, with the password that allows it.
 */
export type PinRequest = { 
/**
 * The password.
 */
password: string, 
/**
 * Four to eight digits.
 */
pin: string, };

/**
 * What a window has open. It says so again every 20 seconds.
 */
export type PresentRequest = { 
/**
 * Case id or number; none: it looks at no case.
 */
case: string | null, 
/**
 * Something is being filled in there.
 */
typing: boolean, };

/**
 * Somebody else who has the case open.
 */
export type PresentView = { 
/**
 * Name.
 */
name: string, 
/**
 * Is filling something in.
 */
typing: boolean, };

/**
 * What is wrong in a file, and what to do.
 */
export type ProblemView = { 
/**
 * File name within the procedure's folder.
 */
file: string, 
/**
 * Line, from 1; 0 where the file as a whole is meant.
 */
line: number, 
/**
 * Stable code.
 */
code: string, 
/**
 * What it is about.
 */
about: string, 
/**
 * In words, with what to do.
 */
message: string, };

/**
 * A procedure's files: `procedure.toml`, `forms/NAME.toml`, and `shared/NAME.toml` where the building blocks
 * are not the product's own.
 */
export type ProcedureFiles = { 
/**
 * Name and text of each file.
 */
files: Array<[string, string]>, };

/**
 * Which procedure.
 */
export type ProcedureGetRequest = { 
/**
 * Id.
 */
id: string, 
/**
 * An older edition, by label or hash; the newest where none is named.
 */
edition?: string, };

/**
 * One line of the procedure list.
 */
export type ProcedureLine = { 
/**
 * Id.
 */
id: string, 
/**
 * Title.
 */
title: string, 
/**
 * Document number.
 */
number: string, 
/**
 * Edition.
 */
edition: string, 
/**
 * Kind of institution.
 */
organisation_kind: string, 
/**
 * The institution takes complaints in under it.
 */
in_use: boolean, 
/**
 * The person who asks may register under it.
 */
may_register: boolean, 
/**
 * Its roles.
 */
roles: Array<NamedView>, 
/**
 * Its books over cases.
 */
books: Array<NamedView>, };

/**
 * A procedure in full.
 */
export type ProcedureView = { 
/**
 * Id.
 */
id: string, 
/**
 * Title.
 */
title: string, 
/**
 * Document number.
 */
number: string, 
/**
 * Edition.
 */
edition: string, 
/**
 * Lines of the source.
 */
source: string, 
/**
 * Content hash.
 */
hash: string, 
/**
 * Received more than so many hours before it is entered needs a reason (T1).
 */
late_entry_hours: number, 
/**
 * Roles.
 */
roles: Array<NamedView>, 
/**
 * Channels.
 */
channels: Array<NamedView>, 
/**
 * Fields.
 */
fields: Array<FieldView>, 
/**
 * Registration.
 */
register: ActionView, 
/**
 * The way.
 */
steps: Array<StepView>, 
/**
 * Side tasks.
 */
tasks: Array<TaskKindView>, 
/**
 * Limits.
 */
clocks: Array<ClockRuleView>, 
/**
 * Forms.
 */
forms: Array<NamedView>, };

/**
 * A limit that was computed on weekdays alone and can be computed anew (T4).
 */
export type ProvisionalView = { 
/**
 * Case id.
 */
case: string, 
/**
 * Number.
 */
number: string, 
/**
 * Which limit.
 */
title: string, 
/**
 * RFC 3339, as it stands.
 */
due: string, 
/**
 * RFC 3339, as the calendar of today has it.
 */
would_be: string, };

/**
 * How much was computed anew.
 */
export type Recalculated = { 
/**
 * Limits.
 */
clocks: number, };

/**
 * Recovery codes: shown this once.
 */
export type RecoveryCodes = { 
/**
 * Ten, each good for one signing in.
 */
codes: Array<string>, };

/**
 * A complaint as the counter enters it.
 */
export type RegisterRequest = { 
/**
 * Procedure id.
 */
procedure: string, 
/**
 * RFC 3339 (T1).
 */
received_at: string, 
/**
 * Channel id.
 */
channel: string, 
/**
 * Values by field id.
 */
values: Record<string, unknown>, 
/**
 * Keys of the questions of `value_asks` whose values are meant.
 */
confirmed?: Array<string>, };

/**
 * The new case.
 */
export type RegisterResponse = { 
/**
 * Its id.
 */
case: string, 
/**
 * Its number (G12).
 */
number: string, 
/**
 * Events so far: hand it back with the next act.
 */
seq: number, };

/**
 * A rendered form.
 */
export type RenderResponse = { 
/**
 * The PDF.
 */
pdf: Blob, 
/**
 * Pages.
 */
pages: number, 
/**
 * Characters that no font has, and the fields in which they stand: printed as a framed code point.
 */
missing_glyphs: Array<Missing>, };

/**
 * Which report.
 */
export type ReportRequest = { 
/**
 * `week`, `month`, `timeliness`, `management_review` or `handover`.
 */
kind: string, 
/**
 * Only cases of this procedure.
 */
procedure?: string, 
/**
 * The duty of the procedure that is fulfilled with it, by its id.
 */
duty?: string, 
/**
 * First day, `YYYY-MM-DD`.
 */
from: string, 
/**
 * Last day, `YYYY-MM-DD`.
 */
to: string, 
/**
 * `pdf` or `xlsx`.
 */
format: string, };

/**
 * A role in a procedure.
 */
export type RoleLine = { 
/**
 * Procedure id.
 */
procedure: string, 
/**
 * Role id.
 */
role: string, 
/**
 * Department; empty: any.
 */
department: string, };

/**
 * A role with its words.
 */
export type RoleView = { 
/**
 * Procedure id.
 */
procedure: string, 
/**
 * Role id.
 */
role: string, 
/**
 * Its words.
 */
title: string, 
/**
 * Department.
 */
department: string, };

/**
 * Something that was entered, in words.
 */
export type SaidView = { 
/**
 * Of which field.
 */
title: string, 
/**
 * What.
 */
text: string, };

/**
 * What a salvage brought out, and what it could not.
 */
export type SalvageReport = { 
/**
 * The new folder.
 */
into: string, 
/**
 * Cases in the new office.
 */
cases: number, 
/**
 * Events in it that stood in the old one.
 */
events: number, 
/**
 * What is not whole. Of people and the institution the rest is there; of a case nothing is.
 */
lost: Array<LostPart>, 
/**
 * Cases of which nothing is left but that their numbers were given.
 */
gone: number, 
/**
 * Rows of other tables that could not be read, by table.
 */
rows: { [key in string]: number }, 
/**
 * First and last position of what is missing in the log.
 */
gaps: [number, number][], 
/**
 * What the check of the new folder found, in words; nothing where all that was brought out is whole.
 */
problems: Array<string>, };

/**
 * Where to.
 */
export type SalvageRequest = { 
/**
 * A folder that is empty or not there yet, on the machine that keeps the data; its whole path.
 */
into: string, };

/**
 * The own password.
 */
export type SecondFactorBegin = { 
/**
 * The password.
 */
password: string, 
/**
 * A code of the one that is on, or a recovery code; empty where none is on.
 */
code: string, };

/**
 * Whose second factor.
 */
export type SecondFactorOf = { 
/**
 * Whose.
 */
id: string, };

/**
 * What a telephone needs to know.
 */
export type SecondFactorOffer = { 
/**
 * The secret, to be typed where no camera is: letters and digits in groups of four.
 */
secret: string, 
/**
 * The same as an address, which the QR code says.
 */
uri: string, 
/**
 * Modules of the QR code on a side.
 */
size: number, 
/**
 * The QR code's dark modules as an SVG path.
 */
path: string, };

/**
 * A code, to show that the telephone has the secret.
 */
export type SecondFactorProof = { 
/**
 * The password.
 */
password: string, 
/**
 * The code; for what changes a second factor that is on, a recovery code as well.
 */
code: string, };

/**
 * The own second factor.
 */
export type SecondFactorView = { 
/**
 * It is on.
 */
on: boolean, 
/**
 * Recovery codes that are left.
 */
codes_left: number, 
/**
 * The institution's rule: `off`, `optional`, `administrators`, `signatories`.
 */
rule: string, 
/**
 * The rule asks for one.
 */
needed: boolean, };

/**
 * What a door needs to know first.
 */
export type SessionState = { 
/**
 * There is no office yet.
 */
first_run: boolean, 
/**
 * 演练.
 */
training: boolean, 
/**
 * Institution.
 */
organisation: Organisation, 
/**
 * Who is signed in.
 */
user: UserView | null, 
/**
 * Now.
 */
now: string, 
/**
 * Version of the program.
 */
version: string, 
/**
 * The desk locks after so many idle minutes.
 */
idle_minutes: number, 
/**
 * Damage was seen in the office: it is read as far as it goes, and nothing is written.
 */
damaged: boolean, };

/**
 * What the first run asks.
 */
export type SetupRequest = { 
/**
 * Institution.
 */
organisation: Organisation, 
/**
 * Opening hours; the usual ones where none are given.
 */
hours: { weekdays: boolean[], periods: { from: string, to: string }[] } | null, 
/**
 * The first administrator.
 */
admin: FirstAdmin, 
/**
 * A training folder for ever.
 */
training: boolean, 
/**
 * Whether the folder is encrypted; by itself it is where a key can be kept, and a training folder is not.
 */
encrypt?: boolean, };

/**
 * Name and password.
 */
export type SignInRequest = { 
/**
 * Sign-in name.
 */
login: string, 
/**
 * Password.
 */
password: string, 
/**
 * The code of the second factor, or a recovery code; empty where none is on.
 */
code?: string, };

/**
 * With what somebody signs: meaning and password, or the password alone where the door has shown the meaning.
 */
export type SignatureRequest = { 
/**
 * What the signature means, as the action says it; refused where it says something else.
 */
meaning: string, 
/**
 * The password again; the door supplies it.
 */
password: string, };

/**
 * Words to look for.
 */
export type SimilarRequest = { 
/**
 * Name or phone.
 */
text: string, };

/**
 * Numbers of cases that this office skips: they were given out after a backup that was restored.
 */
export type SkippedView = { 
/**
 * Title of the procedure.
 */
title: string, 
/**
 * The first of them.
 */
first: string, 
/**
 * The last.
 */
last: string, 
/**
 * How many.
 */
count: number, 
/**
 * When that was said.
 */
at: string, };

/**
 * A step.
 */
export type StepView = { 
/**
 * Id.
 */
id: string, 
/**
 * Words.
 */
title: string, 
/**
 * Line of the source.
 */
source: string, 
/**
 * Decision where the source is silent.
 */
default_note: string, 
/**
 * Actions.
 */
actions: Array<ActionView>, };

/**
 * An institution's own limit for one clock; none takes it back.
 */
export type TargetSet = { 
/**
 * Procedure id.
 */
procedure: string, 
/**
 * Clock id.
 */
clock: string, 
/**
 * `{ "working_days": 3 }`, `{ "hours": 1.5 }`: one unit, two decimals at most.
 */
limit?: Record<string, number>, };

/**
 * A limit that the institution set or could set.
 */
export type TargetView = { 
/**
 * Procedure id.
 */
procedure: string, 
/**
 * Its title.
 */
procedure_title: string, 
/**
 * Clock id.
 */
clock: string, 
/**
 * Its title.
 */
title: string, 
/**
 * The procedure's word, or 未设定时限 where it leaves the limit open.
 */
word: string, 
/**
 * The procedure leaves the limit to the institution (P3); else it is an 内部目标.
 */
left_open: boolean, 
/**
 * What is set.
 */
limit: Record<string, number> | null, };

/**
 * A kind of task.
 */
export type TaskKindView = { 
/**
 * Id.
 */
id: string, 
/**
 * Words.
 */
title: string, 
/**
 * Line of the source.
 */
source: string, 
/**
 * Steps.
 */
steps: Array<StepView>, };

/**
 * A side task.
 */
export type TaskView = { 
/**
 * Id within the case.
 */
id: string, 
/**
 * Kind.
 */
kind: string, 
/**
 * Words.
 */
title: string, 
/**
 * What tells it from its like.
 */
headline: string, 
/**
 * Its step.
 */
step_title: string, 
/**
 * Why there is such a task: its clause, or 产品默认.
 */
note: string, 
/**
 * Ended.
 */
done: boolean, 
/**
 * Since when.
 */
opened_at: string, };

/**
 * Something that happened.
 */
export type TimelineView = { 
/**
 * When.
 */
at: string, 
/**
 * Who.
 */
actor: string, 
/**
 * What.
 */
title: string, 
/**
 * The beginning of what was entered.
 */
detail: string, 
/**
 * All that was entered.
 */
said: Array<SaidView>, 
/**
 * Position in the case.
 */
seq: number, };

/**
 * One notice.
 */
export type Told = { "kind": "changed", 
/**
 * Ids of the cases that it was done on.
 */
cases: Array<string>, 
/**
 * It concerns people, institution, calendars or procedures.
 */
house: boolean, } | { "kind": "present", 
/**
 * Id of the case.
 */
case: string, } | { "kind": "missed" };

/**
 * What an answer depends on, as far as the page has to know to read it again.
 */
export type Topic = "session" | "people" | "institution" | "procedures" | "parties" | "case" | "cases" | "drafts" | "reports" | "records";

/**
 * Who is signed in.
 */
export type UserView = { 
/**
 * Id.
 */
id: string, 
/**
 * Name.
 */
name: string, 
/**
 * Sign-in name.
 */
login: string, 
/**
 * Kind of account.
 */
account: string, 
/**
 * Roles.
 */
roles: Array<RoleView>, 
/**
 * The password was reset: it is changed before anything else.
 */
must_change_password: boolean, 
/**
 * The institution asks for a second factor: it is set up before anything else.
 */
must_set_second_factor: boolean, };

/**
 * A recorded value.
 */
export type ValueView = { 
/**
 * Field, or `task/field`.
 */
key: string, 
/**
 * Words.
 */
title: string, 
/**
 * The value in words.
 */
text: string, 
/**
 * The value.
 */
value: unknown, 
/**
 * Covered for whoever looks (G11); the value is then null.
 */
covered: boolean, 
/**
 * Who entered it last.
 */
by: string, 
/**
 * When.
 */
at: string, 
/**
 * G11.
 */
class: 'open'|'personal'|'sensitive', 
/**
 * Its field.
 */
field: FieldView, 
/**
 * Whether whoever looks may correct it.
 */
may_correct: boolean, };

/**
 * How a form is filled.
 */
export type Variant = "filled" | "redacted" | "blank";

/**
 * How far a running check has come.
 */
export type VerifyProgress = { 
/**
 * A check is running.
 */
running: boolean, 
/**
 * Events and cases done.
 */
done: number, 
/**
 * In all, as far as is known; grows once when the cases' turn comes.
 */
total: number, };

/**
 * Against what to check.
 */
export type VerifyRequest = { 
/**
 * `POS:HASH` as an earlier check or a backup told it; none: the log's own links alone.
 */
anchor: string | null, };

/**
 * Whether the log is whole.
 */
export type VerifyResponse = { 
/**
 * No problem was found. A recomputed or truncated history is found only against an anchor.
 */
ok: boolean, 
/**
 * The anchor that was checked: nothing up to it has changed. None: none was given.
 */
checked_anchor: string | null, 
/**
 * The folders that the institution named for anchors, and whether what stands in them holds.
 */
places: Array<AnchorPlace>, 
/**
 * Events walked.
 */
events: number, 
/**
 * The first problem.
 */
first_bad: AuditProblem | null, 
/**
 * All of them.
 */
problems: Array<AuditProblem>, 
/**
 * Position of the newest event: the anchor.
 */
anchor_pos: number, 
/**
 * Hash of the newest event.
 */
anchor_hash: string, 
/**
 * First and last position of what a salvage could not bring out of a damaged office: missing, and said to be.
 */
gaps: [number, number][], 
/**
 * The file itself is damaged: nothing is written to it any more.
 */
read_only: boolean, };

/**
 * A step on the way.
 */
export type WayStep = { 
/**
 * Id.
 */
id: string, 
/**
 * Words.
 */
title: string, 
/**
 * `done`, `now` or `ahead`.
 */
state: string, 
/**
 * Why there is such a step: its clause, or 产品默认.
 */
note: string, 
/**
 * The document speaks of no such step.
 */
ours: boolean, };

/**
 * The week in figures.
 */
export type WeekView = { 
/**
 * Registered since Monday.
 */
received: number, 
/**
 * Open now.
 */
open: number, 
/**
 * Late now.
 */
late: number, };

/**
 * My desk.
 */
export type WorklistResponse = { 
/**
 * Past due.
 */
late: Array<DeskItem>, 
/**
 * Today and tomorrow.
 */
soon: Array<DeskItem>, 
/**
 * Later, or without a number.
 */
mine: Array<DeskItem>, 
/**
 * Somebody else's turn.
 */
waiting: Array<DeskItem>, 
/**
 * Figures.
 */
week: WeekView, };

/**
 * Which year.
 */
export type YearRef = { 
/**
 * Calendar year.
 */
year: number, };

/**
 * A year.
 */
export type YearView = { 
/**
 * Calendar year.
 */
year: number, 
/**
 * Whether its arrangements are known.
 */
known: boolean, 
/**
 * The notices.
 */
papers: Array<string>, 
/**
 * Every day.
 */
days: Array<DayView>, };

/** Every command with its request and response. */
export interface Commands {
  "session.state": { request: Nothing, response: SessionState },
  "session.sign_in": { request: SignInRequest, response: SessionState },
  "session.change_password": { request: ChangePasswordRequest, response: PersonRef },
  "session.set_pin": { request: PinRequest, response: PersonRef },
  "session.second_factor": { request: Nothing, response: SecondFactorView },
  "session.second_factor_begin": { request: SecondFactorBegin, response: SecondFactorOffer },
  "session.second_factor_confirm": { request: SecondFactorProof, response: RecoveryCodes },
  "session.second_factor_codes": { request: SecondFactorProof, response: RecoveryCodes },
  "session.second_factor_off": { request: SecondFactorProof, response: SecondFactorView },
  "person.second_factor_reset": { request: SecondFactorOf, response: PersonRef },
  "person.second_factor_reset_confirm": { request: SecondFactorOf, response: PersonRef },
  "person.confirm_key": { request: ConfirmKeyRequest, response: PersonRef },
  "delegate.set": { request: DelegateRequest, response: PersonRef },
  "delegate.list": { request: Nothing, response: Array<DelegateView> },
  "grant.list": { request: Nothing, response: Array<GrantView> },
  "grant.confirm": { request: GrantRef, response: PersonRef },
  "grant.refuse": { request: GrantRef, response: PersonRef },
  "person.list": { request: Nothing, response: Array<PersonView> },
  "person.add": { request: PersonAdd, response: PersonRef },
  "person.update": { request: PersonUpdate, response: PersonRef },
  "party.list": { request: PartyListRequest, response: Array<PartyView> },
  "party.keep": { request: PartyKeep, response: PartyView },
  "office.setup": { request: SetupRequest, response: SessionState },
  "office.get": { request: Nothing, response: OfficeView },
  "office.set": { request: OfficeSet, response: OfficeView },
  "office.clock": { request: Nothing, response: OfficeClock },
  "office.confirm_clock": { request: Nothing, response: OfficeClock },
  "office.damage": { request: Nothing, response: DamageView },
  "numbers.get": { request: Nothing, response: NumbersView },
  "numbers.say": { request: NumbersSay, response: NumbersView },
  "calendar.get": { request: YearRef, response: YearView },
  "calendar.due": { request: DueRequest, response: DueResponse },
  "calendar.import": { request: CalendarImport, response: CalendarImported },
  "calendar.provisional": { request: Nothing, response: Array<ProvisionalView> },
  "calendar.recalculate": { request: Nothing, response: Recalculated },
  "procedure.list": { request: Nothing, response: Array<ProcedureLine> },
  "procedure.get": { request: ProcedureGetRequest, response: ProcedureView },
  "procedure.check": { request: ProcedureFiles, response: Array<ProblemView> },
  "procedure.editions": { request: EditionsRequest, response: Array<EditionView> },
  "procedure.diff": { request: DiffRequest, response: Array<DifferenceView> },
  "procedure.install": { request: ProcedureFiles, response: InstalledView },
  "target.list": { request: Nothing, response: Array<TargetView> },
  "target.set": { request: TargetSet, response: Array<TargetView> },
  "session.sign_out": { request: Nothing, response: SessionState },
  "case.register": { request: RegisterRequest, response: RegisterResponse },
  "case.preview_clocks": { request: RegisterRequest, response: Array<ClockView> },
  "case.similar": { request: SimilarRequest, response: CaseListResponse },
  "case.act": { request: ActRequest, response: ActResponse },
  "case.get": { request: CaseRef, response: CaseView },
  "case.present": { request: PresentRequest, response: Array<PresentView> },
  "case.list": { request: CaseListRequest, response: CaseListResponse },
  "worklist.get": { request: Nothing, response: WorklistResponse },
  "attachment.add": { request: AttachmentAdd, response: AttachmentView },
  "attachment.get": { request: AttachmentRef, response: AttachmentResponse },
  "attachment.list": { request: CaseRef, response: Array<AttachmentView> },
  "draft.put": { request: DraftPut, response: DraftKept },
  "draft.get": { request: DraftRef, response: DraftView | null },
  "draft.list": { request: Nothing, response: Array<DraftView> },
  "draft.delete": { request: DraftRef, response: Done },
  "procedure.describe": { request: DescribeRequest, response: FileResponse },
  "case.file": { request: CaseFileRequest, response: FileResponse },
  "form.layout": { request: FormRequest, response: Laid },
  "form.glyphs": { request: GlyphsRequest, response: GlyphsResponse },
  "form.render": { request: FormRequest, response: RenderResponse },
  "form.issue": { request: IssueRequest, response: IssueResponse },
  "document.get": { request: DocumentRef, response: DocumentResponse },
  "document.reprint": { request: DocumentRef, response: DocumentResponse },
  "report.book": { request: BookRequest, response: FileResponse },
  "report.due": { request: Nothing, response: DutiesView },
  "report.period": { request: ReportRequest, response: FileResponse },
  "export.xlsx": { request: CaseListRequest, response: FileResponse },
  "audit.list": { request: AuditListRequest, response: Array<AuditLine> },
  "audit.verify": { request: VerifyRequest, response: VerifyResponse },
  "audit.progress": { request: Nothing, response: VerifyProgress },
  "audit.stop": { request: Nothing, response: VerifyProgress },
  "audit.anchor": { request: Nothing, response: AnchorResponse },
  "audit.places": { request: Nothing, response: Array<AnchorPlace> },
  "access.list": { request: AccessListRequest, response: Array<AccessLine> },
  "disposal.list": { request: Nothing, response: DisposalOverview },
  "disposal.propose": { request: DisposalPropose, response: DisposalView },
  "disposal.approve": { request: DisposalApprove, response: DisposalView },
  "disposal.refuse": { request: DisposalRefuse, response: DisposalView },
  "disposal.carry_out": { request: DisposalRef, response: DisposalView },
  "disposal.print": { request: DisposalRef, response: DisposalPaper },
  "encryption.get": { request: Nothing, response: EncryptionView },
  "encryption.set": { request: EncryptionSet, response: EncryptionView },
  "encryption.new_phrase": { request: Nothing, response: PhraseView },
  "backup_key.get": { request: Nothing, response: BackupKeyView },
  "backup_key.ask": { request: Nothing, response: BackupKeyView },
  "backup_key.make": { request: BackupKeyMake, response: BackupKeyOffer },
  "backup_key.confirm": { request: BackupKeyProof, response: BackupKeyView },
  "salvage.run": { request: SalvageRequest, response: SalvageReport },
  "salvage.progress": { request: Nothing, response: VerifyProgress },
  "salvage.stop": { request: Nothing, response: VerifyProgress },
  "backup.list": { request: Nothing, response: Array<BackupLine> },
  "backup.create": { request: BackupRequest, response: BackupResponse },
}

/** Commands whose answer is a file, and the field in which it stands. */
export const GIVES: Readonly<Record<string, string>> = {
  "attachment.get": "bytes",
  "procedure.describe": "bytes",
  "case.file": "bytes",
  "form.render": "pdf",
  "form.issue": "pdf",
  "document.get": "pdf",
  "document.reprint": "pdf",
  "report.book": "bytes",
  "report.period": "bytes",
  "export.xlsx": "bytes",
  "audit.anchor": "bytes",
  "disposal.print": "pdf",
  "encryption.new_phrase": "pdf",
  "backup_key.make": "pdf",
  "backup.create": "bytes",
}

/** On what the answer of a command depends. */
export const READS: Readonly<Record<string, readonly Topic[]>> = {
  "session.state": ["session","people","institution"],
  "session.second_factor": ["session"],
  "delegate.list": ["people"],
  "grant.list": ["people","procedures","records"],
  "person.list": ["people"],
  "party.list": ["parties"],
  "office.get": ["institution"],
  "office.clock": ["institution"],
  "office.damage": ["records"],
  "numbers.get": ["institution"],
  "calendar.get": ["institution"],
  "calendar.due": ["institution"],
  "calendar.provisional": ["institution","cases"],
  "procedure.list": ["procedures","institution"],
  "procedure.get": ["procedures"],
  "procedure.editions": ["procedures","cases"],
  "procedure.diff": ["procedures"],
  "target.list": ["institution","procedures"],
  "case.preview_clocks": ["institution","procedures"],
  "case.similar": ["cases"],
  "case.get": ["case","parties"],
  "case.list": ["cases"],
  "worklist.get": ["cases","people","procedures","institution"],
  "attachment.get": ["case"],
  "attachment.list": ["case"],
  "draft.get": ["drafts"],
  "draft.list": ["drafts"],
  "procedure.describe": ["procedures"],
  "case.file": ["case"],
  "form.layout": ["case"],
  "form.render": ["case"],
  "document.get": ["case"],
  "report.due": ["reports","cases"],
  "audit.list": ["records"],
  "audit.places": ["records","institution"],
  "access.list": ["records"],
  "disposal.list": ["records","cases"],
  "encryption.get": ["records"],
  "backup_key.get": ["records","people"],
  "backup.list": ["records"],
}

/** What is to be read again after a command. */
export const STALE: Readonly<Record<string, readonly Topic[]>> = {
  "session.sign_in": ["session"],
  "session.change_password": ["session","people"],
  "session.set_pin": ["session"],
  "session.second_factor_confirm": ["session","people"],
  "session.second_factor_codes": ["session"],
  "session.second_factor_off": ["session","people"],
  "person.second_factor_reset": ["people"],
  "person.second_factor_reset_confirm": ["people"],
  "person.confirm_key": ["people"],
  "delegate.set": ["people","cases"],
  "grant.confirm": ["people","procedures","records","cases"],
  "grant.refuse": ["people","procedures","records","cases"],
  "person.add": ["people"],
  "person.update": ["people","session","cases"],
  "party.keep": ["parties"],
  "office.setup": ["session","institution","people","procedures"],
  "office.set": ["institution","session","procedures","records"],
  "office.confirm_clock": ["institution","cases"],
  "numbers.say": ["institution"],
  "calendar.import": ["institution"],
  "calendar.recalculate": ["institution","case","cases"],
  "procedure.install": ["procedures","people"],
  "target.set": ["institution"],
  "session.sign_out": ["session"],
  "case.register": ["cases"],
  "case.act": ["case","cases","reports"],
  "attachment.add": ["case"],
  "draft.put": ["drafts"],
  "draft.delete": ["drafts"],
  "form.issue": ["case","cases"],
  "document.reprint": ["case"],
  "report.book": ["records"],
  "report.period": ["reports","records"],
  "audit.verify": ["records"],
  "audit.anchor": ["records"],
  "disposal.propose": ["records","cases"],
  "disposal.approve": ["records","cases"],
  "disposal.refuse": ["records","cases"],
  "disposal.carry_out": ["records","case","cases"],
  "encryption.set": ["records","session"],
  "encryption.new_phrase": ["records"],
  "backup_key.ask": ["records","people"],
  "backup_key.confirm": ["records","people"],
  "salvage.run": ["records"],
  "backup.create": ["records"],
}
