//! Which office, opened with its key, at which time, and by whom.

use crate::{lang, stop::Stop};
use clap::Args;
use redress_desk::{
    Address, ApiError, Config, Keys, Keystore, Lang, Office, Progress, Session, font_dirs, owner,
};
use serde_json::{Value, json};
use std::{
    io::IsTerminal,
    path::{Path, PathBuf},
};
use zeroize::Zeroizing;

/// An office by its folder or its database, and the time in it.
#[derive(Args)]
pub(crate) struct Place {
    #[command(flatten)]
    which: Which,
    #[command(flatten)]
    clock: Clock,
}

#[derive(Args)]
#[group(required = true, multiple = true)]
struct Which {
    /// Data folder of the office
    #[arg(long, value_name = "DATA")]
    data: Option<PathBuf>,
    /// Address of its PostgreSQL database; `-` takes it from REDRESS_DATABASE
    #[arg(long, value_name = "URL", value_parser = address)]
    database: Option<Address>,
}

/// The data folder named first, and what else says which office it is.
#[derive(Args)]
pub(crate) struct Folder {
    /// Data folder of the office
    pub(crate) data: PathBuf,
    #[command(flatten)]
    pub(crate) database: Database,
    #[command(flatten)]
    clock: Clock,
}

/// The database of an office that is kept in one.
#[derive(Args)]
pub(crate) struct Database {
    /// Keep the office in this PostgreSQL database; `-` takes the address from REDRESS_DATABASE
    #[arg(long = "database", value_name = "URL", value_parser = address)]
    pub(crate) address: Option<Address>,
}

#[derive(Args)]
struct Clock {
    /// Set the clock of a training office, as 2026-10-09T09:00:00+08:00
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
}

/// A person who signs in with REDRESS_PASSWORD or a prompt.
#[derive(Args)]
pub(crate) struct Person {
    #[command(flatten)]
    pub(crate) place: Place,
    /// Sign in as this person
    #[arg(long = "as", value_name = "USER")]
    user: Option<String>,
}

impl Place {
    pub(crate) async fn open(&self) -> Result<Office, Stop> {
        let data = self.which.data.as_deref().unwrap_or(Path::new(""));
        open(data, self.which.database.as_ref(), self.clock.at.as_deref()).await
    }
}

impl Folder {
    pub(crate) async fn open(&self) -> Result<Office, Stop> {
        let database = self.database.address.as_ref();
        open(&self.data, database, self.clock.at.as_deref()).await
    }
}

impl Person {
    /// Opens the office and signs in who is named.
    pub(crate) async fn signed_in(&self, lang: Lang) -> Result<(Office, Session), Stop> {
        let office = self.place.open().await?;
        let session = Session::new();
        if let Some(user) = &self.user {
            let sign_in = json!({ "login": user, "password": secret("REDRESS_PASSWORD")? });
            sign_in_in_two_steps(&office, &session, sign_in, lang).await?;
        }
        Ok((office, session))
    }
}

/// An address, or `-` for the one in the environment, where no list of processes shows its password.
pub(crate) fn address(given: &str) -> Result<Address, String> {
    if given != "-" {
        return Ok(Address::new(given));
    }
    std::env::var("REDRESS_DATABASE")
        .map(Address::new)
        .map_err(|_| "REDRESS_DATABASE is not set".to_owned())
}

/// The office of a folder, or of a database.
pub(crate) fn config(data: &Path, database: Option<Address>) -> Config {
    Config {
        data: data.to_owned(),
        database,
        fonts: font_dirs(),
        owner: owner(),
        procedures: vec![],
        keys: keys(),
    }
}

/// The name under which systemd hands in the key: `LoadCredential=redress-key:FILE`.
const CREDENTIAL: &str = "redress-key";

/// From where the key of an encrypted office comes; never from an argument, which every list of processes shows.
fn keys() -> Keys {
    let none = std::env::var_os("REDRESS_KEYSTORE").is_some_and(|v| v == "none");
    let handed_in = std::env::var_os("CREDENTIALS_DIRECTORY")
        .map(|dir| Path::new(&dir).join(CREDENTIAL))
        .filter(|file| file.exists());
    Keys {
        keystore: if none {
            Keystore::None
        } else {
            Keystore::System
        },
        file: std::env::var_os("REDRESS_KEY_FILE")
            .map(PathBuf::from)
            .or(handed_in),
        phrase: std::env::var("REDRESS_RECOVERY").ok().map(Zeroizing::new),
    }
}

async fn open(data: &Path, database: Option<&Address>, at: Option<&str>) -> Result<Office, Stop> {
    let office = with_its_key(config(data, database.cloned())).await?;
    if office.read_only().await {
        // Whoever opens it hears so before anything is refused.
        let said = office.damage(lang()).await?;
        eprintln!("{}", ApiError::new("damaged_read_only").message(lang()));
        for part in &said.parts {
            eprintln!("- {}", part.message);
        }
        if !said.administrator {
            eprintln!("{}", ApiError::new("damaged_nobody_in").message(lang()));
        }
    }
    if let Some(at) = at {
        office.set_clock(time(at)?).await?;
    }
    Ok(office)
}

/// Opens an office; where its key is not at hand and somebody sits here, asks for the recovery phrase.
async fn with_its_key(mut config: Config) -> Result<Office, ApiError> {
    let office = with_progress(config.clone()).await;
    match office {
        Err(e) if e.code == "recovery_phrase_needed" && std::io::stdin().is_terminal() => {
            // Whoever types none is told again what is needed.
            let Ok(typed) = rpassword::prompt_password("recovery phrase: ") else {
                return Err(e);
            };
            config.keys.phrase = Some(Zeroizing::new(typed));
            with_progress(config).await
        }
        other => other,
    }
}

/// Opens an office, and says on standard error how far that is where it takes longer: after an update what lists and
/// searches read is derived anew.
async fn with_progress(config: Config) -> Result<Office, ApiError> {
    let progress = Progress::default();
    let open = Office::open_with(config, &progress);
    tokio::pin!(open);
    let mut tick = tokio::time::interval(std::time::Duration::from_secs(1));
    tick.tick().await;
    loop {
        tokio::select! {
            done = &mut open => return done,
            _ = tick.tick() => {
                let read = |n: &std::sync::atomic::AtomicI64| n.load(std::sync::atomic::Ordering::Relaxed);
                if read(&progress.total) > 0 {
                    eprintln!("{} / {}", read(&progress.done), read(&progress.total));
                }
            }
        }
    }
}

/// Signs in; where a second factor is on, with the code from `REDRESS_TOTP` or a prompt.
async fn sign_in_in_two_steps(
    office: &Office,
    session: &Session,
    mut sign_in: Value,
    lang: Lang,
) -> Result<(), Stop> {
    if let Ok(code) = std::env::var("REDRESS_TOTP") {
        sign_in["code"] = code.into();
    }
    let first = office.call(session, "session.sign_in", sign_in.clone(), lang);
    match first.await {
        Err(e) if e.code == "second_factor_needed" => {
            sign_in["code"] = secret("REDRESS_TOTP")?.into();
            office
                .call(session, "session.sign_in", sign_in, lang)
                .await?;
        }
        other => {
            other?;
        }
    }
    Ok(())
}

/// A moment as people write it on a command line.
pub(crate) fn time(text: &str) -> Result<chrono::DateTime<chrono::FixedOffset>, Stop> {
    chrono::DateTime::parse_from_rfc3339(text)
        .map_err(|_| ApiError::new("time_not_understood").into())
}

/// A secret from the environment, or from a prompt.
pub(crate) fn secret(name: &str) -> Result<String, Stop> {
    match std::env::var(name) {
        Ok(s) => Ok(s),
        // A script has no terminal at which somebody could be asked.
        Err(_) => rpassword::prompt_password(format!("{name}: "))
            .map_err(|_| ApiError::new("secret_not_given").with("name", name).into()),
    }
}
