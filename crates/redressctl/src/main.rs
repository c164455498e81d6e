//! The terminal door: JSON in, JSON out, one object.
//!
//! Exit 0 done; 1 refused or invalid; 2 wrong usage; 3 internal.

mod backup_key;
mod folder;
mod host;
mod loopback;
#[cfg(windows)]
mod service;

use redress_desk::{
    Address, ApiError, Config, Keys, Keystore, Lang, Office, Progress, Session, Step, commands,
    demo::{PASSWORD, Practice, Story},
    font_dirs, owner, private,
};
use serde_json::{Value, json};
use std::{
    io::{IsTerminal, Read},
    path::{Path, PathBuf},
    process::ExitCode,
};
use zeroize::Zeroizing;

const USAGE: &str = "redressctl init DATA [--training] [--organisation NAME] [--encrypt | --plain]    encrypted where a key can be kept
redressctl encrypt DATA | decrypt DATA    the folder of an office, whole or not at all
redressctl phrase DATA    a new recovery phrase of an encrypted office; the one before is void
redressctl demo DATA [--out FOLDER] [--at TIME]
redressctl story DATA FILE… [--procedures FOLDER] [--out FOLDER]    tells stories in a new training folder
redressctl check FOLDER    what is wrong with a procedure's files
redressctl commands
redressctl serve DATA [--listen ADDR:PORT] [--ui FOLDER] [--certificate FILE --key FILE] [--log FOLDER] [--service] [--trusted-proxy ADDR|NETWORK]…    the office host (TLS)
redressctl loopback DATA [--ui FOLDER] [--at TIME]    a host for browser tests, on this machine only
redressctl --data DATA --as USER [--at TIME] call NAME [JSON | - | @file]
redressctl --data DATA verify [--anchor POS:HASH | @file]
redressctl --data DATA rebuild
redressctl --data DATA backup FILE    sealed to the institution's backup key; before there is one by REDRESS_PASSPHRASE or [--recipient age1…]
redressctl restore FILE --into DATA [--secret FILE | -]    FILE or standard input holds the opening key or passphrase; else REDRESS_PASSPHRASE or a prompt
redressctl --data DATA --as USER backup-key [ask | keep | refuse]    how it stands; an administrator asks, a second person makes it and keeps what opens backups (shown once)
redressctl --data DATA --as USER second-factor-off    for whoever lost phone and recovery codes where no two others can reset the second step
redressctl salvage DATA --into NEW    brings what is whole out of a damaged folder, and lists what is not
redressctl prepare --database OWNER_URL --role NAME    makes the tables of a PostgreSQL database, and a host's rights
redressctl serve DATA --database URL [as above]    a host of a house in that database; DATA holds its certificate
redressctl move --from DATA --to-database URL    carries a house into an empty database, verified by the chain
redressctl move --from-database URL --to DATA    and back
--database URL also stands where --data DATA does; - takes the address from REDRESS_DATABASE.
An encrypted office's key comes from REDRESS_KEY_FILE, the service's credential redress-key, the system's keystore
(REDRESS_KEYSTORE=none: not), or the recovery phrase in REDRESS_RECOVERY or at a prompt.
The password comes from REDRESS_PASSWORD or a prompt, a second step's code from REDRESS_TOTP or a prompt; a backup's from REDRESS_PASSPHRASE or a prompt.";

/// What ended a run early.
enum Stop {
    Usage(String),
    Api(ApiError),
}

impl From<ApiError> for Stop {
    fn from(e: ApiError) -> Self {
        Self::Api(e)
    }
}

impl From<std::io::Error> for Stop {
    fn from(e: std::io::Error) -> Self {
        Self::Api(ApiError::internal(e))
    }
}

#[derive(Default)]
struct Args {
    words: Vec<String>,
    data: Option<PathBuf>,
    user: Option<String>,
    at: Option<String>,
    out: Option<PathBuf>,
    into: Option<PathBuf>,
    ui: Option<PathBuf>,
    procedures: Option<PathBuf>,
    organisation: Option<String>,
    training: bool,
    /// Whether a new office is encrypted; none: as the keystore allows.
    encrypt: Option<bool>,
    anchor: Option<String>,
    listen: Option<String>,
    certificate: Option<PathBuf>,
    key: Option<PathBuf>,
    /// Started by Windows as a service.
    service: bool,
    /// The folder into which the log of requests goes instead of standard error.
    log: Option<PathBuf>,
    database: Option<Address>,
    role: Option<String>,
    /// Reverse proxies whose word counts about where a request comes from.
    proxies: Vec<ipnet::IpNet>,
    /// The half of a backup key that seals.
    recipient: Option<String>,
    /// The file with what opens a backup, or `-`.
    secret: Option<String>,
    from: Option<Config>,
    to: Option<Config>,
}

fn parse(mut given: impl Iterator<Item = String>) -> Result<Args, Stop> {
    let mut args = Args::default();
    while let Some(word) = given.next() {
        let mut value = || {
            given
                .next()
                .ok_or_else(|| Stop::Usage(format!("{word} needs a value")))
        };
        match word.as_str() {
            "--data" => args.data = Some(value()?.into()),
            "--as" => args.user = Some(value()?),
            "--at" => args.at = Some(value()?),
            "--out" => args.out = Some(value()?.into()),
            "--into" => args.into = Some(value()?.into()),
            "--ui" => args.ui = Some(value()?.into()),
            "--procedures" => args.procedures = Some(value()?.into()),
            "--organisation" => args.organisation = Some(value()?),
            "--listen" => args.listen = Some(value()?),
            "--certificate" => args.certificate = Some(value()?.into()),
            "--key" => args.key = Some(value()?.into()),
            "--database" => args.database = Some(address(&value()?)?),
            "--recipient" => args.recipient = Some(value()?),
            "--secret" => args.secret = Some(value()?),
            "--role" => args.role = Some(value()?),
            "--trusted-proxy" => {
                let given = value()?;
                let bad = |_| {
                    Stop::Usage(format!(
                        "--trusted-proxy needs an address or network, not {given}"
                    ))
                };
                args.proxies
                    .push(redress_host::network(&given).map_err(bad)?);
            }
            "--from" => args.from = Some(config(Path::new(&value()?), None)),
            "--to" => args.to = Some(config(Path::new(&value()?), None)),
            "--from-database" => args.from = Some(in_database(&value()?)?),
            "--to-database" => args.to = Some(in_database(&value()?)?),
            "--anchor" => args.anchor = Some(value()?),
            "--log" => args.log = Some(value()?.into()),
            "--service" => args.service = true,
            "--training" => args.training = true,
            "--encrypt" => args.encrypt = Some(true),
            "--plain" => args.encrypt = Some(false),
            other if other.starts_with("--") => {
                return Err(Stop::Usage(format!("unknown option {other}")));
            }
            _ => args.words.push(word),
        }
    }
    Ok(args)
}

/// An address, or `-` for the one in the environment, where no list of processes shows its password.
fn address(given: &str) -> Result<Address, Stop> {
    if given != "-" {
        return Ok(Address::new(given));
    }
    std::env::var("REDRESS_DATABASE")
        .map(Address::new)
        .map_err(|_| Stop::Usage("REDRESS_DATABASE is not set".into()))
}

fn in_database(given: &str) -> Result<Config, Stop> {
    Ok(config(Path::new(""), Some(address(given)?)))
}

/// The language of the terminal.
fn lang() -> Lang {
    Lang::from_tag(&std::env::var("LANG").unwrap_or_default())
}

fn main() -> ExitCode {
    let lang = lang();
    let done = match parse(std::env::args().skip(1)) {
        #[cfg(windows)]
        Ok(args) if args.service => service::dispatch(),
        Ok(args) => in_runtime(run(args, lang)),
        Err(stop) => Err(stop),
    };
    match done {
        Ok(answer) => {
            println!("{answer}");
            ExitCode::SUCCESS
        }
        Err(Stop::Usage(why)) => {
            eprintln!("{why}\n{USAGE}");
            ExitCode::from(2)
        }
        Err(Stop::Api(e)) => {
            eprintln!("{}", e.to_door(lang));
            ExitCode::from(if e.code == redress_desk::error::INTERNAL {
                3
            } else {
                1
            })
        }
    }
}

fn in_runtime(work: impl Future<Output = Result<Value, Stop>>) -> Result<Value, Stop> {
    tokio::runtime::Runtime::new()?.block_on(work)
}

async fn run(args: Args, lang: Lang) -> Result<Value, Stop> {
    let words: Vec<&str> = args.words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["init", data] => init(&args, Path::new(data)).await,
        ["encrypt", data] => convert(&args, Path::new(data), true).await,
        ["decrypt", data] => convert(&args, Path::new(data), false).await,
        ["phrase", data] => {
            let office = open(Path::new(data), &args).await?;
            Ok(json!({ "recovery_phrase": office.recovery_phrase().await? }))
        }
        ["demo", data] => demo(&args, Path::new(data)).await,
        ["story", data, files @ ..] if !files.is_empty() => {
            story(&args, Path::new(data), files).await
        }
        ["check", folder] => {
            let problems = redress_desk::check_procedure(folder::read(Path::new(folder))?, lang);
            if problems.is_empty() {
                return Ok(json!({ "problems": [] }));
            }
            let all = serde_json::to_value(&problems).map_err(ApiError::from)?;
            let first = &problems[0];
            Err(ApiError::new("procedure_unsound")
                .with("file", first.file.as_str())
                .with("line", first.line)
                .with("about", first.about.as_str())
                .with("problems", all)
                .into())
        }
        ["commands"] => Ok(serde_json::to_value(commands::list()).map_err(ApiError::from)?),
        // Windows starts a service through its own dispatcher: see `main`.
        ["serve", data] => host::run(&args, Path::new(data)).await,
        ["loopback", data] => {
            let office = open(Path::new(data), &args).await?;
            loopback::serve(office, args.ui).await?;
            Ok(json!({ "stopped": true }))
        }
        ["call", name] => call(&args, name, json!({}), lang).await,
        ["call", name, given] => call(&args, name, payload(given)?, lang).await,
        ["verify"] => {
            let office = open(data(&args)?, &args).await?;
            let anchor = anchor(args.anchor.as_deref())?;
            let report = serde_json::to_value(check(&office, anchor.as_deref(), lang).await?)
                .map_err(ApiError::from)?;
            if report["ok"] == json!(true) {
                return Ok(report);
            }
            let bad = &report["first_bad"];
            let mut e = ApiError::new("log_not_whole");
            for key in ["code", "stream", "seq", "about", "message"] {
                e = e.with(key, bad[key].clone());
            }
            Err(e.into())
        }
        ["rebuild"] => {
            let cases = open(data(&args)?, &args).await?.rebuild().await?;
            Ok(json!({ "cases": cases }))
        }
        ["backup", file] => {
            unused(Path::new(file))?;
            let office = open(data(&args)?, &args).await?;
            let name = Path::new(file).file_name().unwrap_or_default();
            let given = args.recipient.clone();
            let given = given.or_else(|| std::env::var("REDRESS_PASSPHRASE").ok());
            // Nothing is asked where the institution's key seals it, or nothing may.
            let own = match office.backup_recipient().await? {
                None if given.is_none() => Some(secret("REDRESS_PASSPHRASE")?),
                _ => given,
            };
            // Written beside it: a backup that was cut off does not take the place of the one before.
            let part = PathBuf::from(format!("{file}.part"));
            let _ = std::fs::remove_file(&part);
            let out = Box::new(private::create_new(&part)?);
            let made = office
                .backup_to(own.as_deref(), &name.to_string_lossy(), out)
                .await;
            if made.is_err() {
                let _ = std::fs::remove_file(&part);
            }
            let made = made?;
            std::fs::File::open(&part)?.sync_all()?;
            private::put_new(&part, Path::new(file)).map_err(|e| taken(Path::new(file), e))?;
            let bytes = std::fs::metadata(file)?.len();
            Ok(
                json!({ "path": file, "bytes": bytes, "anchor": made.anchor, "damaged": made.damaged, "sealed_to": made.sealed_to }),
            )
        }
        ["restore", file] => {
            let into = args
                .into
                .clone()
                .ok_or_else(|| Stop::Usage("restore needs --into".into()))?;
            let sealed = std::fs::File::open(file)?;
            let opening = match args.secret.as_deref() {
                Some("-") => std::io::read_to_string(std::io::stdin())?,
                Some(kept) => std::fs::read_to_string(kept)?,
                None => secret("REDRESS_PASSPHRASE")?,
            };
            let damaged =
                redress_desk::restore_from(&config(&into, None), sealed, &opening).await?;
            Ok(json!({ "restored": into, "damaged": damaged }))
        }
        ["backup-key"] => backup_key::state(&args, lang).await,
        ["backup-key", "ask"] => backup_key::ask(&args, lang).await,
        ["backup-key", "keep"] => backup_key::keep(&args, lang).await,
        ["backup-key", "refuse"] => backup_key::refuse(&args, lang).await,
        ["second-factor-off"] => {
            let user = args.user.as_deref();
            let user = user.ok_or_else(|| Stop::Usage("second-factor-off needs --as".into()))?;
            let office = open(data(&args)?, &args).await?;
            let password = secret("REDRESS_PASSWORD")?;
            office.second_factor_lost(user, &password).await?;
            Ok(json!({ "login": user, "second_factor": false }))
        }
        ["salvage", data] => {
            let into = args
                .into
                .clone()
                .ok_or_else(|| Stop::Usage("salvage needs --into".into()))?;
            let (from, to) = (config(Path::new(data), None), config(&into, None));
            let report = redress_desk::salvage_house(&from, &to, lang).await?;
            Ok(serde_json::to_value(report).map_err(ApiError::from)?)
        }
        ["prepare"] => {
            let (Some(owner), Some(role)) = (&args.database, &args.role) else {
                return Err(Stop::Usage("prepare needs --database and --role".into()));
            };
            redress_desk::prepare(owner, role).await?;
            Ok(json!({ "prepared": owner.to_string(), "role": role }))
        }
        ["move"] => {
            let (Some(from), Some(to)) = (&args.from, &args.to) else {
                return Err(Stop::Usage("move needs --from… and --to…".into()));
            };
            let moved = redress_desk::move_house(from, to).await?;
            Ok(serde_json::to_value(moved).map_err(ApiError::from)?)
        }
        _ => Err(Stop::Usage("what shall be done?".into())),
    }
}

/// Refuses a name under which a file lies already: what somebody keeps is not written over. Asked before anything is done.
fn unused(path: &Path) -> Result<(), Stop> {
    match path.symlink_metadata() {
        Ok(_) => Err(ApiError::new("file_exists")
            .with("file", path.to_string_lossy())
            .into()),
        Err(_) => Ok(()),
    }
}

/// The same where the file came while the work was done.
fn taken(path: &Path, e: std::io::Error) -> Stop {
    match e.kind() {
        std::io::ErrorKind::AlreadyExists => ApiError::new("file_exists")
            .with("file", path.to_string_lossy())
            .into(),
        _ => e.into(),
    }
}

/// Refuses a folder for papers in which papers lie: those of another office would be written over.
fn unused_papers(out: Option<&Path>) -> Result<(), Stop> {
    let Some(Ok(all)) = out.map(std::fs::read_dir) else {
        return Ok(());
    };
    for entry in all {
        let path = entry?.path();
        if path
            .extension()
            .is_some_and(|e| e.eq_ignore_ascii_case("pdf"))
        {
            return unused(&path);
        }
    }
    Ok(())
}

/// `POS:HASH` itself, or `@file` with an exported anchor.
fn anchor(given: Option<&str>) -> Result<Option<String>, Stop> {
    Ok(match given.map(|g| (g, g.strip_prefix('@'))) {
        None => None,
        Some((_, Some(file))) => Some(std::fs::read_to_string(file)?),
        Some((text, None)) => Some(text.to_owned()),
    })
}

/// Checks the log, says on standard error how far it is, and stops at Ctrl-C.
async fn check(
    office: &Office,
    anchor: Option<&str>,
    lang: Lang,
) -> Result<redress_desk::VerifyResponse, ApiError> {
    let verify = office.verify(anchor, lang);
    tokio::pin!(verify);
    let mut tick = tokio::time::interval(std::time::Duration::from_secs(1));
    // The first tick comes at once, before there is anything to say.
    tick.tick().await;
    loop {
        tokio::select! {
            done = &mut verify => return done,
            _ = tick.tick() => {
                let p = office.verify_progress();
                eprintln!("{} / {}", p.done, p.total);
            }
            _ = tokio::signal::ctrl_c() => {
                office.verify_stop();
            }
        }
    }
}

fn config(data: &Path, database: Option<Address>) -> Config {
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

/// Opens an office, and says on standard error how far that is where it takes longer: after an update what lists and
/// searches read is derived anew.
async fn opening(config: Config) -> Result<Office, ApiError> {
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

/// Opens an office; where its key is not at hand and somebody sits here, asks for the recovery phrase.
async fn opened(mut config: Config) -> Result<Office, ApiError> {
    let office = opening(config.clone()).await;
    match office {
        Err(e) if e.code == "recovery_phrase_needed" && std::io::stdin().is_terminal() => {
            let typed = rpassword::prompt_password("recovery phrase: ");
            config.keys.phrase = Some(Zeroizing::new(typed.map_err(ApiError::internal)?));
            opening(config).await
        }
        other => other,
    }
}

/// Encrypts or decrypts a folder, and says each step on standard error.
async fn convert(args: &Args, data: &Path, on: bool) -> Result<Value, Stop> {
    let office = open(data, args).await?;
    let changed = office
        .encrypt(on, &|step: Step| eprintln!("{step:?}"))
        .await?;
    let phrase = match on && changed {
        true => Some(office.recovery_phrase().await?),
        false => None,
    };
    office.close().await;
    Ok(json!({ "data": data, "encrypted": on, "changed": changed, "recovery_phrase": phrase }))
}

fn data(args: &Args) -> Result<&Path, Stop> {
    match (&args.data, &args.database) {
        (Some(data), _) => Ok(data),
        (None, Some(_)) => Ok(Path::new("")),
        (None, None) => Err(Stop::Usage("--data or --database is needed".into())),
    }
}

async fn open(data: &Path, args: &Args) -> Result<Office, Stop> {
    let office = opened(config(data, args.database.clone())).await?;
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
    if let Some(at) = &args.at {
        office.set_clock(time(at)?).await?;
    }
    Ok(office)
}

/// Opens the office and signs in who is named.
async fn signed_in(args: &Args, lang: Lang) -> Result<(Office, Session), Stop> {
    let office = open(data(args)?, args).await?;
    let session = Session::new();
    if let Some(user) = &args.user {
        let sign_in = json!({ "login": user, "password": secret("REDRESS_PASSWORD")? });
        sign_in_in_two_steps(&office, &session, sign_in, lang).await?;
    }
    Ok((office, session))
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

fn time(text: &str) -> Result<chrono::DateTime<chrono::FixedOffset>, Stop> {
    chrono::DateTime::parse_from_rfc3339(text)
        .map_err(|_| ApiError::new("time_not_understood").into())
}

fn secret(name: &str) -> Result<String, Stop> {
    match std::env::var(name) {
        Ok(s) => Ok(s),
        Err(_) => Ok(rpassword::prompt_password(format!("{name}: "))?),
    }
}

/// JSON itself, `-` for standard input, or `@file`.
fn payload(given: &str) -> Result<Value, Stop> {
    let text = match given.strip_prefix('@') {
        Some(file) => std::fs::read_to_string(file)?,
        None if given == "-" => {
            let mut text = String::new();
            std::io::stdin().read_to_string(&mut text)?;
            text
        }
        None => given.to_owned(),
    };
    Ok(redress_desk::request::read(text.as_bytes())?)
}

async fn init(args: &Args, data: &Path) -> Result<Value, Stop> {
    let office = Office::open(config(data, args.database.clone())).await?;
    let name = args
        .organisation
        .clone()
        .unwrap_or_else(|| "我的机构".to_owned());
    let setup = json!({
        "organisation": { "name": name, "address": "", "phone": "" },
        "admin": { "name": "管理员", "login": "admin", "password": secret("REDRESS_PASSWORD")? },
        "training": args.training,
        "encrypt": args.encrypt,
    });
    let session = Session::new();
    let state = office
        .call(&session, "office.setup", setup, Lang::Zh)
        .await?;
    let kept = office
        .call(&session, "encryption.get", json!({}), Lang::Zh)
        .await?;
    let phrase = match kept["encrypted"] == json!(true) {
        true => Some(office.recovery_phrase().await?),
        false => None,
    };
    Ok(
        json!({ "data": data, "training": state["training"], "admin": "admin", "encrypted": kept["encrypted"], "recovery_phrase": phrase }),
    )
}

async fn demo(args: &Args, data: &Path) -> Result<Value, Stop> {
    let password = std::env::var("REDRESS_PASSWORD").unwrap_or_else(|_| PASSWORD.to_owned());
    let start = time(args.at.as_deref().unwrap_or("2026-09-28T08:00:00+08:00"))?;
    unused_papers(args.out.as_deref())?;
    let mut practice =
        Practice::create(config(data, args.database.clone()), &password, start).await?;
    let cases = practice.walk().await?;
    let papers = write_papers(args.out.as_deref(), &practice.papers)?;
    Ok(json!({ "data": data, "cases": cases, "papers": papers, "password": password }))
}

/// Tells stories in a new training folder, with the procedures of a folder where one is given.
async fn story(args: &Args, data: &Path, files: &[&str]) -> Result<Value, Stop> {
    let password = std::env::var("REDRESS_PASSWORD").unwrap_or_else(|_| PASSWORD.to_owned());
    let mut config = config(data, args.database.clone());
    unused_papers(args.out.as_deref())?;
    if let Some(top) = &args.procedures {
        config.procedures = folder::read_all(top)?;
    }
    let astray = |file: &str, e: &redress_desk::demo::Astray| {
        Stop::Api(ApiError::new("story_astray").with("about", format!("{file}: {e}")))
    };
    let mut practice: Option<Practice> = None;
    let mut told = Vec::new();
    for file in files {
        let story = Story::read(&std::fs::read_to_string(file)?).map_err(|e| astray(file, &e))?;
        let begins = story.begins().map_err(|e| astray(file, &e))?;
        let mut p = match practice.take() {
            Some(p) => p,
            None => Practice::bare(config.clone(), &password, begins).await?,
        };
        let cases = p.tell(&story).await.map_err(|e| astray(file, &e))?;
        told.push(json!({ "story": story.title, "cases": cases }));
        practice = Some(p);
    }
    let papers = practice.map(|p| p.papers).unwrap_or_default();
    let written = write_papers(args.out.as_deref(), &papers)?;
    Ok(json!({ "data": data, "told": told, "papers": written }))
}

fn write_papers(
    out: Option<&Path>,
    papers: &std::collections::BTreeMap<String, Vec<u8>>,
) -> Result<Vec<PathBuf>, Stop> {
    let Some(out) = out else { return Ok(vec![]) };
    private::new_folder(out)?;
    let mut written = Vec::new();
    for (number, pdf) in papers {
        let path = out.join(format!("{number}.pdf"));
        private::write_new(&path, pdf).map_err(|e| taken(&path, e))?;
        written.push(path);
    }
    Ok(written)
}

/// Commands whose `path` is read; that of every other is written.
const READING: [&str; 3] = ["procedure.check", "procedure.install", "attachment.add"];

/// A door's own `path`: where a file is written or read; the command itself gives and takes bytes.
async fn call(args: &Args, name: &str, mut payload: Value, lang: Lang) -> Result<Value, Stop> {
    let (office, session) = signed_in(args, lang).await?;
    let path = payload.as_object_mut().and_then(|o| o.remove("path"));
    let path = path.as_ref().and_then(Value::as_str).map(PathBuf::from);
    let mut file = None;
    let reads = READING.contains(&name);
    if let Some(path) = path.as_deref().filter(|_| !reads) {
        unused(path)?;
    }
    if reads
        && name != "attachment.add"
        && let Some(path) = &path
    {
        payload["files"] = serde_json::to_value(folder::read(path)?).map_err(ApiError::from)?;
    }
    if name == "attachment.add"
        && let Some(path) = &path
    {
        file = Some(std::fs::read(path)?.into());
        if payload["name"].is_null() {
            payload["name"] = path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into();
        }
    }
    // The password never stands in an argument: the door supplies it to a signature too.
    if let Some(signature) = payload.get_mut("signature").and_then(Value::as_object_mut) {
        signature.insert("password".to_owned(), secret("REDRESS_PASSWORD")?.into());
    }
    let Some(path) = path else {
        return Ok(office.call(&session, name, payload, lang).await?);
    };
    let done = office.call_with_file(&session, "", name, payload, file, lang);
    let redress_desk::Answer {
        value: mut answer,
        file,
    } = done.await?;
    if let Some(bytes) = file
        && let Some(map) = answer.as_object_mut()
    {
        map.remove("pdf");
        map.remove("bytes");
        private::write_new(&path, &bytes).map_err(|e| taken(&path, e))?;
        map.insert("path".to_owned(), path.to_string_lossy().into());
    }
    Ok(answer)
}
