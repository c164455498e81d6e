//! The office: one data folder that one process opens, or one database that several hosts share.

use crate::{
    anchors::leave_anchors,
    anchors::leave_last_anchors,
    damage::of_damage,
    error::{ApiError, Lang},
    keystore::Keys,
    office::House,
    presence::Presence,
    procedures,
    restored::note_restore,
    told::{self, Told},
};
use chrono::Utc;
use redress_domain::{
    calendar::here,
    clock::Moment,
    event::{Account, Event, EventBody},
    id::{CaseId, PersonId},
    procedure::Edition,
    value::Values,
};
use redress_paper::Fonts;
use redress_store::{Address, AnyStore, Append, BackupKey, NewEvent, Progress, Store};
use std::{
    collections::BTreeMap,
    path::PathBuf,
    sync::{
        Arc, Mutex, OnceLock,
        atomic::{AtomicI64, Ordering},
    },
};
use tokio::sync::{RwLock, broadcast};
use uuid::Uuid;

/// What an office is opened with.
#[derive(Debug, Clone)]
pub struct Config {
    /// The data folder; it need not exist yet.
    pub data: PathBuf,
    /// A database that several hosts share; the house is then kept there and not in the folder.
    pub database: Option<Address>,
    /// Folders in which the paper's fonts are looked for.
    pub fonts: Vec<PathBuf>,
    /// Who opens it, for the lock's message: user and machine.
    pub owner: String,
    /// Files of procedures instead of those that ship, for whoever writes a procedure: one list for each.
    pub procedures: Vec<Vec<(String, String)>>,
    /// From where the key of an encrypted folder comes.
    pub keys: Keys,
}

/// One person's session at a door.
#[derive(Debug)]
pub struct Session {
    /// Tells it from the others; no secret.
    id: String,
    /// Where it comes from; empty: this PC.
    from: String,
    /// Who signed in, and how often the password had been set by then.
    person: Mutex<Option<(PersonId, u32)>>,
    /// Cases that were opened with a reason, until somebody else signs in or out.
    opened: Mutex<BTreeMap<CaseId, String>>,
    /// The secret of a second factor that is being set up.
    offered: Mutex<Option<[u8; crate::codes::SECRET]>>,
    /// The backup key that was made and is not in force yet.
    offered_key: Mutex<Option<Arc<BackupKey>>>,
}

impl Default for Session {
    fn default() -> Self {
        Self {
            id: Uuid::now_v7().to_string(),
            from: String::new(),
            person: Mutex::default(),
            opened: Mutex::default(),
            offered: Mutex::default(),
            offered_key: Mutex::default(),
        }
    }
}

impl Session {
    /// Nobody has signed in yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// The same at another PC, named by its address: wrong passwords from there are counted for there.
    pub fn from(address: &str) -> Self {
        Self {
            from: address.to_owned(),
            ..Self::default()
        }
    }

    /// A session that nobody has signed in to, at the same place.
    #[must_use]
    pub fn anew(&self) -> Self {
        Self::from(&self.from)
    }

    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    pub(crate) fn origin(&self) -> &str {
        &self.from
    }

    /// Who signed in.
    pub fn person(&self) -> Option<PersonId> {
        self.signed_in().map(|(person, _)| person)
    }

    /// Who signed in, and how often the password had been set by then: a later one ends the session.
    pub(crate) fn signed_in(&self) -> Option<(PersonId, u32)> {
        self.person.lock().map(|p| *p).unwrap_or_default()
    }

    /// Goes on with the password that was changed in it.
    pub(crate) fn renew(&self, passwords: u32) {
        if let Ok(mut p) = self.person.lock() {
            *p = p.map(|(person, _)| (person, passwords));
        }
    }

    /// Signs somebody in or out.
    pub(crate) fn set(&self, person: Option<(PersonId, u32)>) {
        if let Ok(mut p) = self.person.lock() {
            *p = person;
        }
        if let Ok(mut o) = self.opened.lock() {
            o.clear();
        }
        self.offer(None);
        self.offer_key(None);
    }

    /// Keeps a backup key until it is in force, or forgets it.
    pub(crate) fn offer_key(&self, key: Option<Arc<BackupKey>>) {
        if let Ok(mut o) = self.offered_key.lock() {
            *o = key;
        }
    }

    /// The backup key that was offered last.
    pub(crate) fn offered_key(&self) -> Option<Arc<BackupKey>> {
        self.offered_key.lock().ok()?.clone()
    }

    /// Keeps the secret of a second factor that is being set up, or forgets it.
    pub(crate) fn offer(&self, secret: Option<[u8; crate::codes::SECRET]>) {
        if let Ok(mut o) = self.offered.lock() {
            *o = secret;
        }
    }

    /// The secret that was offered last.
    pub(crate) fn offered(&self) -> Option<[u8; crate::codes::SECRET]> {
        *self.offered.lock().ok()?
    }

    /// Keeps that a case was opened, and why.
    pub(crate) fn open(&self, case: CaseId, why: &str) {
        if let Ok(mut o) = self.opened.lock() {
            o.insert(case, why.to_owned());
        }
    }

    /// Why a case was opened in this session.
    pub(crate) fn opened(&self, case: CaseId) -> Option<String> {
        self.opened.lock().ok()?.get(&case).cloned()
    }
}

/// The office. Before the first run it has no folder yet.
pub struct Office {
    pub(crate) config: Config,
    pub(crate) desk: RwLock<Option<Arc<Desk>>>,
    /// The check of the log that is running.
    pub(crate) check: Mutex<Option<Arc<Progress>>>,
    /// The salvage that is running.
    pub(crate) salvage: Mutex<Option<Arc<Progress>>>,
    pub(crate) told: broadcast::Sender<Told>,
    /// Whoever signs in waits for the one before: hashing is hard work on purpose, and guesses are counted one by one.
    pub(crate) signing_in: tokio::sync::Mutex<()>,
    /// Where people came in with both factors.
    pub(crate) came_in: crate::second_factor::CameIn,
    /// When anchors were last left in the folders that the institution named.
    pub(crate) left: crate::anchors::Left,
    clock: Mutex<Option<Moment>>,
}

/// An opened data folder with everything that commands need.
pub(crate) struct Desk {
    pub(crate) store: AnyStore,
    pub(crate) house: RwLock<Arc<House>>,
    pub(crate) presence: Arc<Presence>,
    /// Numbers are taken, and lines of the access stream written, one after another: whoever waits loses no race.
    pub(crate) turn: tokio::sync::Mutex<()>,
    /// Whoever has signed in and gives the password again waits for the one before; no stranger stands in their way.
    pub(crate) proving: tokio::sync::Mutex<()>,
    /// The version of the house that was folded.
    folded: AtomicI64,
    pub(crate) shipped: BTreeMap<String, Arc<Edition>>,
    /// Every procedure in its newest edition.
    pub(crate) current: std::sync::RwLock<Arc<BTreeMap<String, Arc<Edition>>>>,
    pub(crate) kept: RwLock<BTreeMap<String, Arc<Edition>>>,
    /// What was found of the damage that was seen; none while none was.
    pub(crate) damage: std::sync::RwLock<Option<Arc<crate::damage::Damage>>>,
    /// One reads past the damage, the others wait.
    pub(crate) facing: tokio::sync::Mutex<()>,
    pub(crate) fonts: OnceLock<Arc<Fonts>>,
    pub(crate) font_dirs: Vec<PathBuf>,
}

impl Office {
    /// Opens the folder, or waits for the first run where there is none.
    ///
    /// # Errors
    /// The store's refusals: in use, foreign, damaged, on a network share …
    pub async fn open(config: Config) -> Result<Self, ApiError> {
        Self::open_with(config, &Progress::default()).await
    }

    /// The same for whoever shows how far it is: after an update what lists and searches read is derived anew, which
    /// takes a minute for some ten thousands of cases.
    ///
    /// # Errors
    /// Those of [`Office::open`], `verify_stopped`.
    pub async fn open_with(config: Config, progress: &Progress) -> Result<Self, ApiError> {
        // Reading our own procedures takes as long as opening the folder: side by side.
        let own = config.procedures.clone();
        let shipped = tokio::task::spawn_blocking(move || procedures::shipped(&own));
        let told = told::tellers();
        let desk = match config.place().await?.find(&config.owner).await? {
            Some(store) => {
                let shipped = shipped.await.map_err(ApiError::internal)??;
                Some(Arc::new(Desk::load(store, shipped, &config, &told).await?))
            }
            None => None,
        };
        let office = Self {
            config,
            desk: RwLock::new(desk),
            check: Mutex::new(None),
            salvage: Mutex::new(None),
            told,
            signing_in: tokio::sync::Mutex::default(),
            came_in: crate::second_factor::CameIn::default(),
            left: crate::anchors::Left::default(),
            clock: Mutex::new(None),
        };
        office.renew(progress).await?;
        if let Ok(desk) = office.desk().await {
            // A clock that stands too far back keeps it from being written now; nothing is numbered until it is.
            let _ = note_restore(&desk, office.now()).await;
        }
        leave_anchors(&office).await;
        Ok(office)
    }

    /// Writes anew what an older version derived, or a copy left to be derived.
    async fn renew(&self, progress: &Progress) -> Result<(), ApiError> {
        let desk = self.desk.read().await.clone();
        if let Some(desk) = desk
            && desk.read_only().is_none()
            && desk.store.projections_stale().await?
        {
            self.rebuild_with(progress).await?;
        }
        Ok(())
    }

    /// Takes in what another host changed since the last command: people, offices, editions, or the first set-up.
    pub(crate) async fn keep_up(&self) -> Result<(), ApiError> {
        let desk = self.desk.read().await.clone();
        match desk {
            Some(desk) => desk.keep_up().await,
            None if self.config.database.is_some() => self.join().await,
            None => Ok(()),
        }
    }

    /// Finds the house that another host set up.
    async fn join(&self) -> Result<(), ApiError> {
        let mut slot = self.desk.write().await;
        if slot.is_some() {
            return Ok(());
        }
        if let Some(store) = self.config.place().await?.find(&self.config.owner).await? {
            let shipped = procedures::shipped(&self.config.procedures)?;
            *slot = Some(Arc::new(
                Desk::load(store, shipped, &self.config, &self.told).await?,
            ));
            drop(slot);
            self.renew(&Progress::default()).await?;
        }
        Ok(())
    }

    /// Closes the folder; another process can then open it.
    pub async fn close(&self) {
        if let Ok(desk) = self.desk().await {
            leave_last_anchors(self, &desk).await;
            desk.store.close().await;
        }
    }

    /// Sets the clock; only a training folder takes it.
    ///
    /// # Errors
    /// `clock_only_in_training`.
    pub async fn set_clock(&self, at: Moment) -> Result<(), ApiError> {
        if !self.desk().await?.house().await.training {
            return Err(ApiError::new("clock_only_in_training"));
        }
        self.force_clock(at);
        Ok(())
    }

    pub(crate) fn force_clock(&self, at: Moment) {
        if let Ok(mut c) = self.clock.lock() {
            *c = Some(here(&at));
        }
    }

    /// Now, in the institution's zone.
    pub fn now(&self) -> Moment {
        let set = self.clock.lock().map(|c| *c).unwrap_or_default();
        set.unwrap_or_else(|| {
            let now = Utc::now();
            // Whole milliseconds: what is stored is what was decided.
            let millis = now.timestamp_subsec_millis() * 1_000_000;
            here(&chrono::Timelike::with_nanosecond(&now, millis).unwrap_or(now))
        })
    }

    pub(crate) async fn desk(&self) -> Result<Arc<Desk>, ApiError> {
        self.desk
            .read()
            .await
            .clone()
            .ok_or_else(|| ApiError::new("first_run"))
    }

    /// Whether what people do can be kept, tried for real; before the first run there is nothing to keep.
    ///
    /// # Errors
    /// What keeps the office from writing: `disk_full`, `disk_failed`, `database_away` …
    pub async fn writable(&self) -> Result<(), ApiError> {
        match self.desk().await {
            Ok(desk) => Ok(desk.store.writable().await?),
            Err(_) => Ok(()),
        }
    }

    /// Whether there is no office yet.
    pub async fn first_run(&self) -> bool {
        self.desk.read().await.is_none()
    }

    /// The institution's name.
    pub async fn organisation(&self) -> String {
        match self.desk().await {
            Ok(d) => d.house().await.organisation.name.clone(),
            Err(_) => String::new(),
        }
    }

    /// Refuses whoever is no administrator, for what a door does beside the command list.
    ///
    /// # Errors
    /// `first_run`, `sign_in_first`, `account_may_not`.
    pub async fn must_administer(&self, session: &Session) -> Result<(), ApiError> {
        let house = self.desk().await?.house().await;
        match house.signed_in(session).map(|p| p.account) {
            None => Err(ApiError::new("sign_in_first")),
            Some(Account::Administrator) => Ok(()),
            Some(_) => Err(ApiError::new("account_may_not").with("command", "")),
        }
    }

    /// Whether somebody is signed in whose account and password still hold.
    pub async fn lasts(&self, session: &Session) -> bool {
        match self.desk().await {
            Ok(desk) => desk.house().await.signed_in(session).is_some(),
            Err(_) => false,
        }
    }

    /// Whether the folder is a training folder.
    pub async fn training(&self) -> bool {
        match self.desk().await {
            Ok(d) => d.house().await.training,
            Err(_) => false,
        }
    }
}

impl Desk {
    pub(crate) async fn load(
        store: AnyStore,
        shipped: BTreeMap<String, Arc<Edition>>,
        config: &Config,
        told: &broadcast::Sender<Told>,
    ) -> Result<Self, ApiError> {
        let version = store.house_version().await?;
        let folded = match fold(&store).await {
            // Memory that is short for a moment makes a record look damaged.
            Err(e) if of_damage(&e) => fold(&store).await,
            folded => folded,
        };
        let house = match folded {
            // Read again, past what cannot be read.
            Err(e) if of_damage(&e) && store.in_folder().is_some() => {
                if let Some(store) = store.in_folder() {
                    store.mark_damaged();
                }
                House::default()
            }
            folded => folded?,
        };
        let presence = Arc::<Presence>::default();
        told::listen(&store, presence.clone(), told.clone());
        let desk = Self {
            store,
            house: RwLock::new(Arc::new(house)),
            presence,
            turn: tokio::sync::Mutex::default(),
            proving: tokio::sync::Mutex::default(),
            folded: AtomicI64::new(version),
            current: std::sync::RwLock::default(),
            shipped,
            kept: RwLock::default(),
            damage: std::sync::RwLock::default(),
            facing: tokio::sync::Mutex::default(),
            fonts: OnceLock::new(),
            font_dirs: config.fonts.clone(),
        };
        if desk.read_only().is_none()
            && let Err(e) = desk.read_current().await
        {
            let damaged = of_damage(&e).then(|| desk.store.in_folder()).flatten();
            damaged.ok_or(e)?.mark_damaged();
        }
        desk.face_damage().await?;
        Ok(desk)
    }

    pub(crate) async fn house(&self) -> Arc<House> {
        self.house.read().await.clone()
    }

    /// Folds people and institution again after an append to their streams.
    pub(crate) async fn refold(&self) -> Result<(), ApiError> {
        // Read first: what comes while folding is folded next time.
        let version = self.store.house_version().await?;
        let fresh = fold(&self.store).await?;
        let mut house = self.house.write().await;
        let newer = version >= self.folded.load(Ordering::Relaxed);
        if newer {
            *house = Arc::new(fresh);
        }
        drop(house);
        // Folded is what was taken in whole: an edition that could not be read is tried again with the next command.
        self.read_current().await?;
        if newer {
            self.folded.fetch_max(version, Ordering::Relaxed);
        }
        Ok(())
    }

    pub(crate) async fn keep_up(&self) -> Result<(), ApiError> {
        self.face_damage().await?;
        if self.read_only().is_some() {
            return Ok(());
        }
        if self.store.house_version().await? == self.folded.load(Ordering::Relaxed) {
            return Ok(());
        }
        self.refold().await
    }

    pub(crate) fn fonts(&self) -> Result<Arc<Fonts>, ApiError> {
        if let Some(f) = self.fonts.get() {
            return Ok(f.clone());
        }
        let loaded = Arc::new(Fonts::load(&self.font_dirs)?);
        Ok(self.fonts.get_or_init(|| loaded).clone())
    }

    /// Every procedure in its newest edition, by id.
    pub(crate) fn current(&self) -> Arc<BTreeMap<String, Arc<Edition>>> {
        self.current.read().map(|c| c.clone()).unwrap_or_default()
    }

    /// The newest edition of a procedure.
    pub(crate) fn newest(&self, procedure: &str) -> Result<Arc<Edition>, ApiError> {
        self.current()
            .get(procedure)
            .cloned()
            .ok_or_else(|| ApiError::new("unknown_procedure").with("procedure", procedure))
    }

    /// The edition that a case was opened under.
    ///
    /// # Errors
    /// [`UNUSABLE`]: it is not there any more, or this version does not take it.
    pub(crate) async fn edition(
        &self,
        procedure: &str,
        hash: &str,
    ) -> Result<Arc<Edition>, ApiError> {
        if let Some(e) = self.shipped.get(procedure).filter(|e| e.hash == hash) {
            return Ok(e.clone());
        }
        if let Some(e) = self.kept.read().await.get(hash) {
            return Ok(e.clone());
        }
        let files = self.store.edition(hash).await?;
        let unusable = |about: &str| {
            ApiError::new(UNUSABLE)
                .with("procedure", procedure)
                .with("about", about)
        };
        let files = files.ok_or_else(|| unusable(hash))?;
        let edition =
            Arc::new(procedures::kept(&files).map_err(|e| unusable(&e.message(Lang::Zh)))?);
        if edition.hash != hash {
            return Err(unusable(hash));
        }
        self.kept
            .write()
            .await
            .insert(hash.to_owned(), edition.clone());
        Ok(edition)
    }
}

/// An edition was installed that this version does not take, e.g. because it goes beyond a limit. What does not need
/// it goes on.
pub(crate) const UNUSABLE: &str = "edition_unusable";

async fn fold(store: &AnyStore) -> Result<House, ApiError> {
    let mut house = House::fold(
        &store.stream_events("office").await?,
        &store.events_below("person:").await?,
        &store.events_below("party:").await?,
    );
    // Of what a salvage carried in part, the place of the last event is more than how many there are.
    for stream in house.lost.clone() {
        let seq = store.stream_seq(&stream).await?;
        house.stands_at(&stream, seq);
    }
    Ok(house)
}

/// A new time-ordered id.
pub(crate) fn new_id() -> Uuid {
    Uuid::now_v7()
}

/// An event with a fresh salt for each of its values.
pub(crate) fn salted(event: Event) -> Result<NewEvent, ApiError> {
    let mut salts = Vec::with_capacity(event.values.len());
    for _ in 0..event.values.len() {
        let mut salt = [0; 16];
        getrandom::fill(&mut salt).map_err(ApiError::internal)?;
        salts.push(salt);
    }
    Ok(NewEvent { event, salts })
}

/// Events for a stream, salted, with nothing else in the transaction.
pub(crate) fn append(
    stream: &str,
    expected_seq: i64,
    events: Vec<Event>,
) -> Result<Append, ApiError> {
    let events = events.into_iter().map(salted).collect::<Result<_, _>>()?;
    Ok(Append {
        stream: stream.to_owned(),
        expected_seq,
        events,
        ..Append::default()
    })
}

/// An event of the house.
pub(crate) fn event(actor: PersonId, at: Moment, body: EventBody, values: Values) -> Event {
    Event {
        actor,
        at,
        body,
        values,
    }
}

/// Where the paper's fonts are looked for, the first of a name being used: `REDRESS_FONTS`, a folder `fonts` beside the
/// program or above it, the packages of the source tree, the system.
pub fn font_dirs() -> Vec<PathBuf> {
    let mut dirs: Vec<PathBuf> = std::env::var_os("REDRESS_FONTS")
        .map(|v| std::env::split_paths(&v).collect())
        .unwrap_or_default();
    let exe = std::env::current_exe().unwrap_or_default();
    let package = "ui/node_modules/@expo-google-fonts";
    for above in exe.ancestors().skip(1).take(6) {
        dirs.push(above.join("fonts"));
        dirs.push(above.join(package));
    }
    if let Ok(here) = std::env::current_dir() {
        dirs.extend(here.ancestors().take(4).map(|a| a.join(package)));
    }
    for name in ["hanazono", "babelstone", "noto"] {
        dirs.push(PathBuf::from("/usr/share/fonts/truetype").join(name));
    }
    if let Some(windows) = std::env::var_os("SystemRoot") {
        dirs.push(PathBuf::from(windows).join("Fonts"));
    }
    dirs
}

/// User and machine, for the lock's message.
pub fn owner() -> String {
    let first = |names: &[&str]| {
        names
            .iter()
            .find_map(|n| std::env::var(n).ok())
            .unwrap_or_else(|| "?".to_owned())
    };
    format!(
        "{}@{}",
        first(&["USER", "USERNAME"]),
        first(&["HOSTNAME", "COMPUTERNAME"])
    )
}

/// An unguessable name for a session at a host: 256 random bits.
pub fn session_id() -> String {
    let mut bytes = [0; 32];
    if getrandom::fill(&mut bytes).is_err() {
        return Uuid::now_v7().to_string();
    }
    redress_domain::chain::hex(&bytes)
}

/// SHA-256 in hexadecimal, e.g. to name a folder by its path.
pub fn content_hash(bytes: &[u8]) -> String {
    redress_domain::chain::hex(&redress_domain::chain::sha256(bytes))
}
