//! Encryption at rest: whether the office's folder is encrypted, turning it on and off, and the recovery phrase.

use crate::{
    documents::issue::draw,
    office::{
        events::{append, event},
        handle::{Office, OpenOffice},
        session::Session,
        state::person::TERMINAL,
    },
    records::safe_page::SafePage,
    text::{error::ApiError, file::FileOut},
};
use redress_domain::{
    event::{Account, EventBody},
    form::{Filling, Form},
    id::PersonId,
    value::Values,
};
use redress_store::{AnyStore, Marker, Phrase, SqliteStore, Step, Store};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use ts_rs::TS;

/// How the office is kept.
#[derive(Debug, Serialize, TS)]
pub struct EncryptionView {
    /// In a folder, which can be encrypted; a database server looks after its own disk.
    pub folder: bool,
    /// The folder is encrypted.
    pub encrypted: bool,
    /// A recovery phrase was made.
    pub phrase: bool,
    /// A new key can be kept: the keystore works, or a key file is named.
    pub keystore: bool,
}

/// Turns encryption on or off.
#[derive(Debug, Deserialize, TS)]
pub struct EncryptionSet {
    /// On.
    pub on: bool,
}

/// A recovery phrase: shown once, and kept nowhere.
#[derive(Debug, Serialize, TS)]
pub struct PhraseView {
    /// Eight groups.
    pub phrase: String,
    /// A name for the page.
    pub name: String,
    /// The page for the safe.
    #[ts(type = "Blob")]
    pub pdf: FileOut,
}

pub(crate) type Watch<'a> = &'a (dyn Fn(Step) + Send + Sync);

/// How the office is kept; before the first run anybody asks, later administrators.
pub(crate) async fn encryption_get(
    office: &Office,
    session: &Session,
) -> Result<EncryptionView, ApiError> {
    if !office.first_run().await {
        let state = office.open_office().await?.state().await;
        match state.signed_in(session).map(|p| p.account) {
            Some(Account::Administrator) => {}
            Some(_) => {
                return Err(ApiError::new("account_may_not").with("command", "encryption.get"));
            }
            None => return Err(ApiError::new("sign_in_first")),
        }
    }
    encryption_view(office).await
}

async fn encryption_view(office: &Office) -> Result<EncryptionView, ApiError> {
    let open = office.open.read().await.clone();
    let kept = open.as_ref().and_then(|d| d.store.in_folder());
    let (encrypted, phrase) = kept.map(SqliteStore::at_rest).unwrap_or_default();
    Ok(EncryptionView {
        folder: office.config.database.is_none(),
        encrypted,
        phrase,
        keystore: office.config.keys.work().await,
    })
}

/// Encrypts the folder, or decrypts it.
pub(crate) async fn encryption_set(
    office: &Office,
    by: PersonId,
    r: EncryptionSet,
) -> Result<EncryptionView, ApiError> {
    convert(office, by, r.on, &|_| ()).await?;
    encryption_view(office).await
}

/// Encrypts the folder or decrypts it, as the terminal; tells each step. Answers whether there was anything to do.
///
/// # Errors
/// `encryption_not_here`, `keystore_away`, `safety_copy_damaged`, `copy_unsound`, `disk_full`; then all is as it was.
pub(crate) async fn encrypt(office: &Office, on: bool, watch: Watch<'_>) -> Result<bool, ApiError> {
    convert(office, TERMINAL, on, watch).await
}

async fn convert(
    office: &Office,
    by: PersonId,
    on: bool,
    watch: Watch<'_>,
) -> Result<bool, ApiError> {
    // Whoever comes meanwhile waits here.
    let mut slot = office.open.write().await;
    let open = slot.clone().ok_or_else(|| ApiError::new("first_run"))?;
    let not_here = || ApiError::new("encryption_not_here");
    let store = open.store.in_folder().ok_or_else(not_here)?;
    if store.at_rest().0 == on {
        return Ok(false);
    }
    let body = EventBody::EncryptionSet { encrypted: on };
    let note = event(by, office.now(), body, Values::new());
    let seq = open.store.stream_seq("office").await?;
    let note = append("office", seq, vec![note])?;
    let before = (
        store.key().cloned(),
        SqliteStore::marker(&office.config.data)?,
    );
    let to = if on {
        Some(office.config.keys.fresh().await?)
    } else {
        None
    };
    let done = store.convert(to.clone(), note, watch).await;
    // What it was before, it is again after an error.
    let (key, over): (_, Option<Marker>) = match (&done, to) {
        (Ok(()), to) => (to.map(|(key, _)| key), before.1),
        (Err(_), to) => (before.0, to.map(|(_, marker)| marker)),
    };
    let store = store.reopen(key.as_ref()).await?;
    let told = &office.told;
    let fresh = OpenOffice::load(
        AnyStore::Sqlite(Box::new(store)),
        open.shipped.clone(),
        &office.config,
        told,
    );
    *slot = Some(Arc::new(fresh.await?));
    if let Some(marker) = over {
        office.config.keys.forget(&marker).await;
    }
    done?;
    Ok(true)
}

/// A new recovery phrase; the one before opens the folder no longer.
pub(crate) async fn new_phrase(office: &Office, by: PersonId) -> Result<PhraseView, ApiError> {
    let (phrase, open) = phrase_of(office, by).await?;
    let state = open.state().await;
    let name = state.organisation.name.clone();
    let page = page(&name, &phrase, &office.config.data.to_string_lossy());
    let filling = Filling {
        organisation: name,
        ..Filling::default()
    };
    let now = office.now();
    Ok(PhraseView {
        name: format!("redress-recovery-{}.pdf", now.format("%Y%m%d")),
        pdf: draw(&open, &page, &filling, now)?.into(),
        phrase,
    })
}

/// The same as text, as the terminal.
///
/// # Errors
/// `encryption_not_here` where the office is not kept encrypted.
pub(crate) async fn recovery_phrase(office: &Office) -> Result<String, ApiError> {
    Ok(phrase_of(office, TERMINAL).await?.0)
}

async fn phrase_of(office: &Office, by: PersonId) -> Result<(String, Arc<OpenOffice>), ApiError> {
    let open = office.open_office().await?;
    let encrypted = open.store.in_folder().is_some_and(|s| s.at_rest().0);
    if !encrypted {
        return Err(ApiError::new("encryption_not_here"));
    }
    let phrase = Phrase::random()?;
    let text = phrase.groups()?.to_string();
    // Written down first: a phrase that was not made is better in the log than one that is not in it.
    let note = event(
        by,
        office.now(),
        EventBody::RecoveryPhraseMade {},
        Values::new(),
    );
    let seq = open.store.stream_seq("office").await?;
    open.keep(vec![append("office", seq, vec![note])?]).await?;
    open.refold().await?;
    let sealing = open.clone();
    let sealed = tokio::task::spawn_blocking(move || match sealing.store.in_folder() {
        Some(store) => store.reseal(&phrase),
        None => Ok(()),
    });
    sealed.await.map_err(ApiError::internal)??;
    Ok((text, open))
}

/// The page for the safe.
fn page(organisation: &str, phrase: &str, folder: &str) -> Form {
    let (one, two) = phrase.split_at(phrase.len() / 2 + 1);
    SafePage {
        id: "recovery-phrase",
        title: "恢复短语",
        facts: &[
            ("机构 / Institution", organisation),
            ("数据文件夹 / Data folder", folder),
        ],
        secret: vec![one.trim_end_matches('-').to_owned(), two.to_owned()],
        words: [
            "这份恢复短语和数据文件夹在一起，就能打开全部投诉记录。请把本页封好放进保险柜，不要和电脑或备份放在一起，不要拍照，不要另存。",
            "电脑更换、重装系统或钥匙串丢失后，程序会要求输入它。重新生成后，本页即作废，请销毁。没有它，也没有钥匙串里的钥匙，就没有人能再打开数据。",
            "Together with the data folder this recovery phrase opens every record. Keep this page in a safe, apart from the PC and the backups. Redress asks for it on another PC or after the keystore was lost. A newer phrase makes this page void.",
        ],
    }
    .form()
}
