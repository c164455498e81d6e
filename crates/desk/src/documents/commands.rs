//! Commands of this room: forms and what is given out.

use crate::{
    documents::{
        case_file::{CaseFileRequest, case_file},
        description::{DescribeRequest, procedure_describe},
        given_out::{DocumentRef, DocumentResponse, document_get, document_reprint},
        issue::{IssueRequest, IssueResponse, form_issue},
        preview::{
            FormRequest, GlyphsRequest, GlyphsResponse, RenderResponse, form_glyphs, form_layout,
            form_render,
        },
    },
    office::command::commands,
    text::file::FileResponse,
};
use redress_paper::Laid;

commands! {
    "procedure.describe", "The public description of a procedure, with a flow chart, as PDF.", Reader(reads Procedures), DescribeRequest => FileResponse,
        |c, r| procedure_describe(c.office, c.me()?, r).await?;
    "case.file", "The whole file of a case as one PDF with page numbers.", Reader(reads Case), CaseFileRequest => FileResponse,
        |c, r| case_file(c.office, c.eyes()?, r).await?;
    "form.layout", "The laid-out boxes of a form.", Reader(reads Case), FormRequest => Laid,
        |c, r| form_layout(c.office, c.eyes()?, r).await?;
    "form.glyphs", "Which characters of what is being typed no font has.", Worker, GlyphsRequest => GlyphsResponse,
        |c, r| form_glyphs(c.office, r).await?;
    "form.render", "A preview or a blank as PDF.", Reader(reads Case), FormRequest => RenderResponse,
        |c, r| form_render(c.office, c.eyes()?, r).await?;
    "form.issue", "Gives a document out: numbered, frozen, kept.", Worker(stale Case | Cases), IssueRequest => IssueResponse,
        |c, r| form_issue(c.office, c.eyes()?, r).await?;
    "document.get", "A document as it was given out.", Reader(reads Case), DocumentRef => DocumentResponse,
        |c, r| document_get(c.office, c.eyes()?, r).await?;
    "document.reprint", "The same document again, marked as a reprint.", Worker(stale Case), DocumentRef => DocumentResponse,
        |c, r| document_reprint(c.office, c.eyes()?, r).await?;
}
