//! What doors call on an [`Office`] besides the command list. Nothing inside this crate does: each of these is a
//! function of its room.

use crate::{
    commands::{
        self,
        files::{self, Answer},
        idempotency,
    },
    institution::opening,
    office::{
        change_feed::{self, Told},
        config::Config,
        damage::{self, DamageView},
        handle::Office,
        session::Session,
    },
    people::second_factor::lost,
    records::{
        backup::{self, Backed},
        check::{self, VerifyProgress, VerifyResponse},
        encryption::{self, Watch},
    },
    text::error::{ApiError, Lang},
};
use bytes::Bytes;
use redress_store::Progress;
use serde_json::Value;
use std::io::Write;

impl Office {
    /// Opens the folder, or waits for the first run where there is none.
    ///
    /// # Errors
    /// The store's refusals: in use, foreign, damaged, on a network share …
    pub async fn open(config: Config) -> Result<Self, ApiError> {
        opening::open(config, &Progress::default()).await
    }

    /// The same for whoever shows how far it is: after an update what lists and searches read is derived anew, which
    /// takes a minute for some ten thousands of cases.
    ///
    /// # Errors
    /// Those of [`Office::open`], `verify_stopped`.
    pub async fn open_with(config: Config, progress: &Progress) -> Result<Self, ApiError> {
        opening::open(config, progress).await
    }

    /// Closes the folder; another process can then open it.
    pub async fn close(&self) {
        opening::close(self).await;
    }

    /// Walks chain, signatures, values, documents, attachments and passwords; then folds every case again and
    /// compares what lists and searches read; then holds the log against an anchor, where one is given.
    ///
    /// # Errors
    /// `anchor_not_understood`, `verify_running`, `verify_stopped`, and the store's.
    pub async fn verify(
        &self,
        anchor: Option<&str>,
        lang: Lang,
    ) -> Result<VerifyResponse, ApiError> {
        check::verify(self, anchor, lang).await
    }

    /// How far a running check has come.
    pub fn verify_progress(&self) -> VerifyProgress {
        check::verify_progress(self)
    }

    /// Stops a running check.
    pub fn verify_stop(&self) -> VerifyProgress {
        check::verify_stop(self)
    }

    /// Encrypts the folder or decrypts it, as the terminal; tells each step. Answers whether there was anything to do.
    ///
    /// # Errors
    /// `encryption_not_here`, `keystore_away`, `safety_copy_damaged`, `copy_unsound`, `disk_full`; then all is as it was.
    pub async fn encrypt(&self, on: bool, watch: Watch<'_>) -> Result<bool, ApiError> {
        encryption::encrypt(self, on, watch).await
    }

    /// The same as text, as the terminal.
    ///
    /// # Errors
    /// `encryption_not_here` where the office is not kept encrypted.
    pub async fn recovery_phrase(&self) -> Result<String, ApiError> {
        encryption::recovery_phrase(self).await
    }

    /// The institution's backup key, to which every backup is sealed; none where a passphrase does.
    ///
    /// # Errors
    /// `backup_key_missing`, `backup_key_alone`.
    pub async fn backup_recipient(&self) -> Result<Option<String>, ApiError> {
        backup::backup_recipient(self).await
    }

    /// The bytes of a backup that the terminal writes under a name, and its anchor.
    ///
    /// # Errors
    /// Those of [`Office::backup_to`].
    pub async fn backup(
        &self,
        own: Option<&str>,
        name: &str,
    ) -> Result<(Vec<u8>, String), ApiError> {
        backup::backup(self, own, name).await
    }

    /// Writes a backup a piece at a time, sealed to the institution's backup key; where it has none and needs none, to a
    /// passphrase or a key (`age1…`) of one's own.
    ///
    /// # Errors
    /// `backup_key_missing`, `backup_key_alone`, `backup_sealed_to_key`, `password_too_short`, `backup_recipient_unfit`, or
    /// the store's. What was written then is not to be kept.
    pub async fn backup_to(
        &self,
        own: Option<&str>,
        name: &str,
        out: Box<dyn Write + Send>,
    ) -> Result<Backed, ApiError> {
        backup::backup_to(self, own, name, out).await
    }

    /// What somebody is told of a notice: a door asks for each of its listeners.
    pub async fn hears(&self, session: &Session, told: Told) -> Option<Told> {
        change_feed::hears(self, session, told).await
    }

    /// What cannot be read, by name; nothing where no damage was seen.
    ///
    /// # Errors
    /// `first_run`, or what passes.
    pub async fn damage(&self, lang: Lang) -> Result<DamageView, ApiError> {
        damage::damage_view(self, lang).await
    }

    /// Turns somebody's second factor off, as the terminal where the office is kept: whoever can open its files and
    /// knows the person's own password. The log keeps that it was the terminal, and the system's account.
    ///
    /// # Errors
    /// `second_factor_not_on`; `second_factor_others_can` where an administrator and a third person could do it; `key_unconfirmed`
    /// where the password was reset and nobody has confirmed that; `signature_password_wrong`, `try_later`.
    pub async fn second_factor_lost(&self, login: &str, password: &str) -> Result<(), ApiError> {
        lost::second_factor_lost(self, login, password).await
    }

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
        commands::call(self, session, name, payload, lang).await
    }

    /// Runs a command as [`Office::call`] does; sent again with the same key it acts once and answers what the first did.
    ///
    /// # Errors
    /// Those of [`Office::call`], `request_key_unfit`, and where it was done and its answer cannot be given again
    /// `already_done`, or `done_otherwise` with the case's number where something else was asked for.
    pub async fn send(
        &self,
        session: &Session,
        key: &str,
        name: &str,
        payload: Value,
        lang: Lang,
    ) -> Result<Value, ApiError> {
        idempotency::send(self, session, key, name, payload, lang).await
    }

    /// Runs a command as [`Office::send`] does, or without a key as [`Office::call`] does, with files beside the JSON.
    ///
    /// # Errors
    /// Those of [`Office::send`], and `command_takes_no_file`.
    pub async fn call_with_file(
        &self,
        session: &Session,
        key: &str,
        name: &str,
        payload: Value,
        file: Option<Bytes>,
        lang: Lang,
    ) -> Result<Answer, ApiError> {
        files::call_with_file(self, session, key, name, payload, file, lang).await
    }

    /// Whether a file would be taken, before any of it is read: who may, what it is for, and how large it says it is.
    ///
    /// # Errors
    /// Those of the command itself, `attachment_size`, `command_takes_no_file`.
    pub async fn admits_file(
        &self,
        session: &Session,
        name: &str,
        payload: &Value,
        declared: Option<u64>,
    ) -> Result<(), ApiError> {
        files::admits_file(self, session, name, payload, declared).await
    }
}
