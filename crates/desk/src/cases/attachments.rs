//! Files of a case: kept in the database, hashed into the log.

use crate::{
    access::{
        log::note,
        look::{Seen, look},
    },
    cases::view::{covered_file, shapes::CaseRef},
    content::{self, file_name},
    office::{
        events::{event, new_id},
        handle::Office,
        load::{Loaded, TransactionExtras},
        session::Eyes,
    },
    secrets::passwords::blocking,
    text::{
        error::ApiError,
        file::{FileIn, FileOut},
        limits::{self, FILE_MAX, unfit_size},
    },
};
use redress_domain::{
    chain::{hex, sha256},
    event::EventBody,
    id::AttachmentId,
    value::Values,
};
use redress_store::{NewAttachment, Store};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

/// A file to add.
#[derive(Debug, Deserialize, TS)]
pub struct AttachmentAdd {
    /// Id or number.
    pub case: String,
    /// File name.
    pub name: String,
    /// What it is, e.g. `evidence`.
    #[serde(default)]
    pub kind: String,
    /// Its bytes.
    #[serde(default)]
    #[ts(type = "Blob")]
    pub bytes: FileIn,
}

/// A file in the list.
#[derive(Debug, Serialize, TS)]
pub struct AttachmentView {
    /// Id.
    pub id: String,
    /// File name.
    pub name: String,
    /// What it is.
    pub kind: String,
    /// Bytes.
    #[ts(type = "number")]
    pub size: i64,
    /// When.
    pub at: String,
    /// Media type.
    pub content_type: String,
}

/// Which file.
#[derive(Debug, Deserialize, TS)]
pub struct AttachmentRef {
    /// Id.
    pub id: String,
    /// Why; kept in the access stream. Whoever has no role in the procedure must say it.
    #[serde(default)]
    #[ts(optional)]
    pub why: Option<String>,
}

/// A file.
#[derive(Debug, Serialize, TS)]
pub struct AttachmentResponse {
    /// File name.
    pub name: String,
    /// Media type, by the bytes.
    pub content_type: String,
    /// Its bytes.
    #[ts(type = "Blob")]
    pub bytes: FileOut,
}

impl From<redress_store::AttachmentRow> for AttachmentView {
    fn from(a: redress_store::AttachmentRow) -> Self {
        Self {
            id: a.id.to_string(),
            content_type: content::media_by_name(&a.name).to_owned(),
            name: a.name,
            kind: a.kind,
            size: a.size,
            at: a.at,
        }
    }
}

/// Whether somebody may add a file, before it is looked at.
///
/// # Errors
/// `unknown_case`, `not_now`, `role_missing`, `value_too_long`, `attachments_too_many`.
pub(crate) async fn may_attach(
    office: &Office,
    eyes: Eyes<'_>,
    r: &AttachmentAdd,
) -> Result<Loaded, ApiError> {
    limits::text("附件类别", &r.kind, limits::WORD)?;
    limits::text("文件名", &r.name, limits::FILE_NAME)?;
    let open = office.open_office().await?;
    let Seen { loaded, actor, .. } = look(office, &open, eyes, &r.case, None).await?;
    if !loaded.case.is_open() {
        return Err(ApiError::new("not_now").with("action", "添加附件"));
    }
    if !actor.takes_part() {
        return Err(ApiError::new("role_missing")
            .with("action", "添加附件")
            .with("who", ""));
    }
    let kept = open.store.attachments(loaded.case.id).await?;
    if kept.len() >= limits::ATTACHMENTS {
        return Err(ApiError::new("attachments_too_many").with("max", limits::ATTACHMENTS));
    }
    Ok(loaded)
}

pub(crate) async fn attachment_add(
    office: &Office,
    eyes: Eyes<'_>,
    r: AttachmentAdd,
) -> Result<AttachmentView, ApiError> {
    let open = office.open_office().await?;
    let Loaded { case, edition, .. } = may_attach(office, eyes, &r).await?;
    let bytes = r.bytes.bytes()?;
    if bytes.is_empty() || bytes.len() > FILE_MAX {
        return Err(unfit_size());
    }
    // Looking into a large file takes a while, and a hostile one as long as it may.
    let (bytes, content) = blocking(move || {
        let content = content::taken(&bytes)?;
        Ok((bytes, content))
    })
    .await?;
    let name =
        file_name::kept(&r.name, &content).ok_or_else(|| ApiError::new("attachment_unnamed"))?;
    let kind = if r.kind.is_empty() {
        "material".to_owned()
    } else {
        r.kind
    };
    let id = AttachmentId(new_id());
    let size = bytes.len();
    let body = EventBody::Attached {
        attachment: id,
        attachment_kind: kind.clone(),
        content: hex(&sha256(&bytes)),
        size: size as u64,
    };
    let now = office.now();
    let values = Values::from([("attachment.name".to_owned(), Value::from(name.as_str()))]);
    let events = vec![event(eyes.person, now, body, values)];
    let file = NewAttachment {
        id,
        name: name.clone(),
        kind: kind.clone(),
        bytes,
    };
    let beside = TransactionExtras {
        attachment: Some(file),
        ..TransactionExtras::default()
    };
    open.append_case(&edition, &case, events, beside).await?;
    Ok(AttachmentView {
        id: id.to_string(),
        name,
        kind,
        size: i64::try_from(size).unwrap_or(i64::MAX),
        at: now.to_rfc3339(),
        content_type: content.media.to_owned(),
    })
}

pub(crate) async fn attachment_get(
    office: &Office,
    eyes: Eyes<'_>,
    r: AttachmentRef,
) -> Result<AttachmentResponse, ApiError> {
    let open = office.open_office().await?;
    let unknown = || ApiError::new("unknown_attachment");
    let id: AttachmentId = r.id.parse().map_err(|_| unknown())?;
    let case = open.store.case_of_attachment(id).await?;
    let case = case.ok_or_else(unknown)?.to_string();
    let seen = look(office, &open, eyes, &case, r.why.as_deref()).await;
    let seen = seen.map_err(|e| e.or_unknown(unknown))?;
    let (row, bytes) = open.store.attachment(id).await?.ok_or_else(unknown)?;
    let about = Some(r.id.as_str());
    note(
        office,
        &open,
        eyes.person,
        "attachment",
        Some(row.case),
        about,
        seen.whole()?,
    )
    .await?;
    Ok(AttachmentResponse {
        name: row.name,
        content_type: content::media(&bytes).to_owned(),
        bytes: bytes.into(),
    })
}

pub(crate) async fn attachment_list(
    office: &Office,
    eyes: Eyes<'_>,
    r: CaseRef,
) -> Result<Vec<AttachmentView>, ApiError> {
    let open = office.open_office().await?;
    let seen = look(office, &open, eyes, &r.case, r.why.as_deref()).await?;
    let all = open.store.attachments(seen.loaded.case.id).await?;
    let all = all.into_iter().map(AttachmentView::from);
    Ok(all.map(|a| covered_file(a, seen.sight)).collect())
}
