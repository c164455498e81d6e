//! The institution's backup key: asked for by an administrator, made before a second person, who keeps the half that
//! opens backups (docs/decisions/0011).
//!
//! The half that opens exists in the session of whoever makes it until it was printed or written down, and is kept
//! nowhere. In force is the key only once its keeper typed the end of it: an answer that got lost on its way would
//! otherwise seal every later backup for nobody.

use crate::{
    documents::issue::draw,
    office::{
        events::{append, event},
        handle::{Office, OpenOffice},
        session::Eyes,
        state::OfficeState,
    },
    people::{
        second_factor::{own, proof::password_again},
        second_person::{may_keep_key, second_person_unfit},
    },
    records::safe_page::SafePage,
    secrets::codes::qr,
    text::{error::ApiError, file::FileOut},
};
use redress_domain::{
    backup_key::{Asked, Sealing},
    event::EventBody,
    form::{Filling, Form},
    id::PersonId,
    value::Values,
};
use redress_store::{BackupKey, Seal, Store};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use ts_rs::TS;

/// What begins the half that opens.
const HEAD: &str = "AGE-SECRET-KEY-1";
/// Signs of a group in print.
const GROUP: usize = 6;
/// What the list of backups says of one that a passphrase seals.
pub(crate) const PASSPHRASE: &str = "passphrase";

/// The backup key as it stands.
#[derive(Debug, Serialize, TS)]
pub struct BackupKeyView {
    /// The one in force.
    pub key: Option<BackupKeyLine>,
    /// One that was asked for and waits.
    pub asked: Option<BackupKeyAskedLine>,
    /// To what a backup is sealed now: `key`, `own` (a passphrase), `missing` or `alone` (there is none until a second
    /// person makes a key).
    pub sealing: String,
    /// Nobody else has an account: whoever asks makes and keeps the key alone.
    pub of_one: bool,
}

/// A key that is in force.
#[derive(Debug, Serialize, TS)]
pub struct BackupKeyLine {
    /// The half that seals.
    pub recipient: String,
    /// Since when, RFC 3339.
    pub since: String,
    /// Who asked for it.
    pub proposed_by: String,
    /// Who keeps the half that opens.
    pub keeper: String,
    /// Made by one person alone.
    pub alone: bool,
}

/// A key that was asked for.
#[derive(Debug, Serialize, TS)]
pub struct BackupKeyAskedLine {
    /// By whom.
    pub by: String,
    /// When, RFC 3339.
    pub at: String,
    /// Whoever looks may make and keep it.
    pub may: bool,
    /// Whoever looks asked for it.
    pub own: bool,
}

/// The own password.
#[derive(Debug, Deserialize, TS)]
pub struct BackupKeyMake {
    /// The password.
    pub password: String,
}

/// A key that is not in force yet: the half that opens, shown this once.
#[derive(Debug, Serialize, TS)]
pub struct BackupKeyOffer {
    /// The half that opens, in groups.
    pub groups: Vec<String>,
    /// The half that seals.
    pub recipient: String,
    /// Modules of the QR code on a side; it says the half that opens.
    pub size: u32,
    /// Its dark modules as an SVG path.
    pub path: String,
    /// A name for the page.
    pub name: String,
    /// The page for the safe.
    #[ts(type = "Blob")]
    pub pdf: FileOut,
}

/// That it was printed or written down.
#[derive(Debug, Deserialize, TS)]
pub struct BackupKeyProof {
    /// The last group, read off the page.
    pub last: String,
}

/// The half that opens, in groups.
fn groups(secret: &str) -> Vec<String> {
    let signs: Vec<char> = secret
        .strip_prefix(HEAD)
        .unwrap_or(secret)
        .chars()
        .collect();
    let rest = signs.chunks(GROUP).map(|g| g.iter().collect());
    std::iter::once(HEAD.to_owned()).chain(rest).collect()
}

/// A group as it is compared.
fn plain(typed: &str) -> String {
    let signs = typed.chars().filter(|c| !c.is_whitespace()).take(40);
    signs.map(|c| c.to_ascii_uppercase()).collect()
}

/// What was asked for, where somebody may make it.
fn makes(state: &OfficeState, me: PersonId) -> Result<&Asked, ApiError> {
    let asked = state.backup_keys.asked.as_ref();
    let asked = asked.ok_or_else(|| ApiError::new("backup_key_not_asked"))?;
    if may_keep_key(state, me, asked) {
        return Ok(asked);
    }
    Err(match asked.by == me {
        true => ApiError::new("backup_key_other"),
        false => second_person_unfit(),
    })
}

/// What seals a backup, where whoever makes it brought a passphrase, a recipient or nothing.
///
/// # Errors
/// `backup_key_missing`, `backup_key_alone`, `backup_sealed_to_key` for anything but the key in force,
/// `password_too_short`, `backup_recipient_unfit`.
pub(crate) async fn sealing(open: &OpenOffice, own: Option<&str>) -> Result<Seal, ApiError> {
    let state = open.state().await;
    let cases = open.store.has_cases(None).await?;
    let own = own.filter(|o| !o.is_empty());
    match state.backup_keys.sealing(state.of_one(), cases)? {
        Sealing::Key(key) if own.is_none_or(|o| o == key.recipient) => {
            Ok(Seal::Recipient(key.recipient.clone()))
        }
        Sealing::Key(key) => {
            let keeper = state.name(key.keeper);
            Err(ApiError::new("backup_sealed_to_key").with("keeper", keeper))
        }
        Sealing::Own => own_seal(own.unwrap_or_default()),
    }
}

/// A passphrase that is long enough, or the sealing half of a key.
fn own_seal(own: &str) -> Result<Seal, ApiError> {
    if own.starts_with("age1") {
        return match BackupKey::seals(own) {
            true => Ok(Seal::Recipient(own.to_owned())),
            false => Err(ApiError::new("backup_recipient_unfit")),
        };
    }
    let min = crate::secrets::passwords::PASSWORD_MIN;
    if own.chars().count() < min {
        return Err(ApiError::new("password_too_short").with("min", min));
    }
    Ok(Seal::Passphrase(own.to_owned()))
}

/// What the list of backups says of a seal.
pub(crate) fn seal_word(seal: &Seal) -> String {
    match seal {
        Seal::Passphrase(_) => PASSPHRASE.to_owned(),
        Seal::Recipient(recipient) => recipient.clone(),
    }
}

/// The backup key as it stands.
pub(crate) async fn backup_key_view(
    office: &Office,
    me: PersonId,
) -> Result<BackupKeyView, ApiError> {
    let open = office.open_office().await?;
    let state = open.state().await;
    let (keys, of_one) = (&state.backup_keys, state.of_one());
    let cases = open.store.has_cases(None).await?;
    let sealing = match keys.sealing(of_one, cases) {
        Ok(Sealing::Key(_)) => "key",
        Ok(Sealing::Own) => "own",
        Err(_) if keys.in_force().is_some() => "alone",
        Err(_) => "missing",
    };
    Ok(BackupKeyView {
        key: keys.in_force().map(|k| BackupKeyLine {
            recipient: k.recipient.clone(),
            since: k.since.to_rfc3339(),
            proposed_by: state.name(k.proposed_by),
            keeper: state.name(k.keeper),
            alone: k.alone,
        }),
        asked: keys.asked.as_ref().map(|a| BackupKeyAskedLine {
            by: state.name(a.by),
            at: a.at.to_rfc3339(),
            may: may_keep_key(&state, me, a),
            own: a.by == me,
        }),
        sealing: sealing.to_owned(),
        of_one,
    })
}

/// Asks for a backup key, or for another in the place of the one in force.
///
/// # Errors
/// `backup_key_asked` where one waits already: asking again would make it younger than an account made meanwhile.
pub(crate) async fn backup_key_ask(
    office: &Office,
    me: PersonId,
) -> Result<BackupKeyView, ApiError> {
    let open = office.open_office().await?;
    let state = open.state().await;
    if let Some(asked) = &state.backup_keys.asked {
        return Err(ApiError::new("backup_key_asked").with("by", state.name(asked.by)));
    }
    let people = state.people_events();
    keep_key(
        office,
        &open,
        &state,
        me,
        EventBody::BackupKeyAsked { people },
    )
    .await?;
    backup_key_view(office, me).await
}

/// Makes the key that was asked for and shows the half that opens, to whoever will keep it.
///
/// # Errors
/// `backup_key_not_asked`, `backup_key_other` for whoever asked, `second_person_unfit`, `signature_password_wrong`.
pub(crate) async fn backup_key_make(
    office: &Office,
    eyes: Eyes<'_>,
    r: BackupKeyMake,
) -> Result<BackupKeyOffer, ApiError> {
    let open = office.open_office().await?;
    let state = open.state().await;
    let p = own(&state, eyes.person)?;
    makes(&state, p.id)?;
    let now = office.now();
    // A desk that was left open must not hand out what opens every backup.
    password_again(&open, p, &r.password, now).await?;
    let key = Arc::new(BackupKey::random());
    let groups = groups(&key.secret);
    let institution = state.organisation.name.clone();
    let page = page(&institution, &p.name, &groups, &key.recipient);
    let filling = Filling {
        organisation: institution,
        qr: Some(key.secret.clone()),
        ..Filling::default()
    };
    let pdf = draw(&open, &page, &filling, now)?.into();
    let (size, path) = qr(&key.secret)?;
    let recipient = key.recipient.clone();
    eyes.session.offer_key(Some(key));
    Ok(BackupKeyOffer {
        groups,
        recipient,
        size,
        path,
        name: format!("redress-backup-key-{}.pdf", now.format("%Y%m%d")),
        pdf,
    })
}

/// Puts the key in force; its keeper has it on paper.
///
/// # Errors
/// `backup_key_make_first`, `backup_key_last_wrong`, and those of making it.
pub(crate) async fn backup_key_confirm(
    office: &Office,
    eyes: Eyes<'_>,
    r: BackupKeyProof,
) -> Result<BackupKeyView, ApiError> {
    let open = office.open_office().await?;
    let state = open.state().await;
    let key = eyes.session.offered_key();
    let key = key.ok_or_else(|| ApiError::new("backup_key_make_first"))?;
    let asked = makes(&state, eyes.person)?;
    if groups(&key.secret).last() != Some(&plain(&r.last)) {
        return Err(ApiError::new("backup_key_last_wrong"));
    }
    let body = EventBody::BackupKeyMade {
        recipient: key.recipient.clone(),
        proposed_by: asked.by,
        alone: asked.by == eyes.person,
    };
    keep_key(office, &open, &state, eyes.person, body).await?;
    eyes.session.offer_key(None);
    backup_key_view(office, eyes.person).await
}

async fn keep_key(
    office: &Office,
    open: &OpenOffice,
    state: &OfficeState,
    by: PersonId,
    body: EventBody,
) -> Result<(), ApiError> {
    let done = event(by, office.now(), body, Values::new());
    open.keep(vec![append("office", state.seq, vec![done])?])
        .await?;
    open.refold().await
}

/// The page for the safe.
fn page(organisation: &str, keeper: &str, groups: &[String], recipient: &str) -> Form {
    let (head, rest) = groups.split_at(1.min(groups.len()));
    let lines = std::iter::once(head).chain(rest.chunks(5));
    SafePage {
        id: "backup-key",
        title: "备份密钥保管页",
        facts: &[
            ("机构 / Institution", organisation),
            ("保管人 / Keeper", keeper),
            ("备份密钥 / Backup key", recipient),
        ],
        secret: lines.map(|line| line.join(" ")).collect(),
        words: [
            "以上是解封密钥：有了它，就能打开本机构用这把备份密钥封存的全部备份。请由保管人封好放进保险柜，不要交给系统管理员，不要和电脑或备份放在一起，不要拍照留存。建议打印两份，分两处保管。",
            "恢复备份时，由保管人到场输入，或扫描右上角的二维码得到同样的文字。程序里没有留底：丢了它，用这把密钥封存的备份谁也打不开，请立即在设置里换新的备份密钥，再重新备份。",
            "This is the half that opens every backup sealed to this institution's backup key. Its keeper locks it away, apart from the PC and the backups, and gives it to no administrator; print it twice for two safes. It is kept nowhere else: if it is lost, nobody opens those backups. Replace the key at once then, and back up again.",
        ],
    }
    .form()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_are_the_secret_and_are_read_in_any_case() {
        let key = BackupKey::random();
        let groups = groups(&key.secret);
        assert_eq!(groups.concat(), key.secret);
        assert_eq!(groups.len(), 11);
        let last = groups.last().cloned().unwrap_or_default();
        assert_eq!(plain(&format!(" {} ", last.to_lowercase())), last);
    }
}
