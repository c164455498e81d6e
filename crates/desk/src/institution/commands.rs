//! Commands of this room: the institution, its clock, numbers, calendars, limits and procedures.

use crate::{
    institution::{
        calendars::{
            CalendarImport, CalendarImported, DueRequest, DueResponse, ProvisionalView,
            Recalculated, YearRef, YearView, calendar_due, calendar_get, calendar_import,
            calendar_provisional, calendar_recalculate,
        },
        clock::{OfficeClock, confirm_clock, office_clock},
        editions::{
            DiffRequest, DifferenceView, EditionView, EditionsRequest, InstalledView, ProblemView,
            ProcedureFiles, check_procedure, procedure_diff, procedure_editions, procedure_install,
        },
        numbers::{NumbersSay, NumbersView, numbers_get, numbers_say},
        procedures::{
            ProcedureGetRequest, ProcedureLine, ProcedureView, procedure_get, procedure_list,
        },
        setup::{OfficeSet, OfficeView, SetupRequest, office_get, office_set, setup},
        targets::{TargetSet, TargetView, target_list, target_set},
    },
    office::{
        command::{Nothing, commands},
        damage::{DamageView, damage_view},
    },
    people::session_state::SessionState,
};

commands! {
    "office.setup", "The first run: institution, opening hours, first administrator.", Anyone(stale Session | Institution | People | Procedures), SetupRequest => SessionState,
        |c, r| setup(c.office, c.session, r).await?;
    "office.get", "Institution and opening hours.", Reader(reads Institution), Nothing => OfficeView,
        |c, r| office_get(c.office).await?;
    "office.set", "Changes institution or opening hours.", Administrator(stale Institution | Session | Procedures | Records), OfficeSet => OfficeView,
        |c, r| office_set(c.office, c.me()?, r).await?;
    "office.clock", "The machine's clock beside the newest record.", Reader(reads Institution), Nothing => OfficeClock,
        |c, r| office_clock(c.office).await?;
    "office.confirm_clock", "Confirms that the machine's clock is right although it stands before the newest record.", Administrator(stale Institution | Cases), Nothing => OfficeClock,
        |c, r| confirm_clock(c.office, c.me()?).await?;
    "office.damage", "What of the office is damaged and cannot be read; then nothing is written to it.", Reader(reads Records), Nothing => DamageView,
        |c, r| damage_view(c.office, c.lang).await?;
    "numbers.get", "Up to which numbers a restored office knows, and which are skipped.", Reader(reads Institution), Nothing => NumbersView,
        |c, r| numbers_get(c.office).await?;
    "numbers.say", "Says what was numbered after the backup that was restored.", Administrator(stale Institution), NumbersSay => NumbersView,
        |c, r| numbers_say(c.office, c.me()?, r).await?;
    "calendar.get", "What each day of a year is.", Reader(reads Institution), YearRef => YearView,
        |c, r| calendar_get(c.office, r.year).await?;
    "calendar.due", "When a limit is due, and why.", Reader(reads Institution), DueRequest => DueResponse,
        |c, r| calendar_due(c.office, r).await?;
    "calendar.import", "Imports a year of holidays.", Administrator(stale Institution), CalendarImport => CalendarImported,
        |c, r| calendar_import(c.office, c.me()?, r).await?;
    "calendar.provisional", "Running limits that a newly known year touches.", Administrator(reads Institution | Cases), Nothing => Vec<ProvisionalView>,
        |c, r| calendar_provisional(c.office, c.me()?).await?;
    "calendar.recalculate", "Computes those limits anew, each by a recorded act.", Administrator(stale Institution | Case | Cases), Nothing => Recalculated,
        |c, r| calendar_recalculate(c.office, c.me()?).await?;
    "procedure.list", "The procedures.", Reader(reads Procedures | Institution), Nothing => Vec<ProcedureLine>,
        |c, r| procedure_list(c.office, c.me()?).await?;
    "procedure.get", "A procedure in full.", Reader(reads Procedures), ProcedureGetRequest => ProcedureView,
        |c, r| procedure_get(c.office, &r.id, r.edition.as_deref()).await?;
    "procedure.check", "What is wrong with a procedure's files; empty when good.", Administrator, ProcedureFiles => Vec<ProblemView>,
        |c, r| check_procedure(r.files, c.lang);
    "procedure.editions", "Every edition that the office knows: who installed it when, and open cases on it.", Reader(reads Procedures | Cases), EditionsRequest => Vec<EditionView>,
        |c, r| procedure_editions(c.office, c.me()?, r, c.lang).await?;
    "procedure.diff", "What differs from one edition to another.", Reader(reads Procedures), DiffRequest => Vec<DifferenceView>,
        |c, r| procedure_diff(c.office, r).await?;
    "procedure.install", "Installs a new edition; open cases stay on theirs.", Administrator(stale Procedures | People), ProcedureFiles => InstalledView,
        |c, r| procedure_install(c.office, c.me()?, r).await?;
    "target.list", "Limits that the institution may set itself, and what is set.", Reader(reads Institution | Procedures), Nothing => Vec<TargetView>,
        |c, r| target_list(c.office).await?;
    "target.set", "Sets an institution's own limit: an internal target, or one that a procedure leaves open.", Administrator(stale Institution), TargetSet => Vec<TargetView>,
        |c, r| target_set(c.office, c.me()?, r).await?;
}
