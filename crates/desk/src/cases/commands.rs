//! Commands of this room: cases, from the register to the desk.

use crate::{
    cases::{
        act::{ActRequest, ActResponse, RegisterRequest, RegisterResponse, act, register},
        attachments::{
            AttachmentAdd, AttachmentRef, AttachmentResponse, AttachmentView, attachment_add,
            attachment_get, attachment_list,
        },
        drafts::{
            Done, DraftKept, DraftPut, DraftRef, DraftView, draft_delete, draft_get, draft_list,
            draft_put,
        },
        lists::{CaseListRequest, CaseListResponse, SimilarRequest, case_list, similar},
        presence::{PresentRequest, PresentView, present, sign_out},
        view::{
            case_get, preview_clocks,
            shapes::{CaseRef, CaseView, ClockView},
        },
        worklist::{WorklistResponse, worklist},
    },
    office::command::{Nothing, commands},
    people::session_state::{SessionState, session_state},
};

commands! {
    "session.sign_out", "Signs out.", Anyone(stale Session), Nothing => SessionState,
        |c, r| { sign_out(c.office, c.session).await; session_state(c.office, c.session).await? };
    "case.register", "Registers a complaint.", Worker(stale Cases), RegisterRequest => RegisterResponse,
        |c, r| register(c.office, c.me()?, r).await?;
    "case.preview_clocks", "The limits that a registration would start.", Worker(reads Institution | Procedures), RegisterRequest => Vec<ClockView>,
        |c, r| preview_clocks(c.office, c.me()?, r).await?;
    "case.similar", "Earlier cases of the same name or phone.", Worker(reads Cases), SimilarRequest => CaseListResponse,
        |c, r| similar(c.office, c.me()?, r).await?;
    "case.act", "Does an action on a case.", Worker(stale Case | Cases | Reports), ActRequest => ActResponse,
        |c, r| act(c.office, c.eyes()?, r).await?;
    "case.get", "One case: where it stands and what can be done. `why` opens what is covered, and is kept.", Reader(reads Case | Parties), CaseRef => CaseView,
        |c, r| case_get(c.office, c.eyes()?, r, c.lang).await?;
    "case.present", "Says what a window has open; answers who else has it open.", Reader, PresentRequest => Vec<PresentView>,
        |c, r| present(c.office, c.eyes()?, r).await?;
    "case.list", "Searches and filters cases.", Reader(reads Cases), CaseListRequest => CaseListResponse,
        |c, r| case_list(c.office, c.me()?, r).await?;
    "worklist.get", "What I can do now, most urgent first.", Reader(reads Cases | People | Procedures | Institution), Nothing => WorklistResponse,
        |c, r| worklist(c.office, c.me()?).await?;
    "attachment.add", "Adds a file to a case.", Worker(stale Case), AttachmentAdd => AttachmentView,
        |c, r| attachment_add(c.office, c.eyes()?, r).await?;
    "attachment.get", "A file.", Reader(reads Case), AttachmentRef => AttachmentResponse,
        |c, r| attachment_get(c.office, c.eyes()?, r).await?;
    "attachment.list", "The files of a case.", Reader(reads Case), CaseRef => Vec<AttachmentView>,
        |c, r| attachment_list(c.office, c.eyes()?, r).await?;
    "draft.put", "Keeps what is being typed.", Worker(stale Drafts), DraftPut => DraftKept,
        |c, r| draft_put(c.office, c.me()?, r).await?;
    "draft.get", "What was being typed.", Worker(reads Drafts), DraftRef => Option<DraftView>,
        |c, r| draft_get(c.office, c.me()?, &r.key).await?;
    "draft.list", "Everything that was being typed.", Worker(reads Drafts), Nothing => Vec<DraftView>,
        |c, r| draft_list(c.office, c.me()?).await?;
    "draft.delete", "Throws a draft away.", Worker(stale Drafts), DraftRef => Done,
        |c, r| draft_delete(c.office, c.me()?, &r.key).await?;
}
