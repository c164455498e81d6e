//! The office: one data folder that one process opens, or one database that several hosts share.

use crate::{
    office::{
        change_feed::{self, Told},
        config::Config,
        damage::of_damage,
        editions::UNUSABLE,
        presence::Presence,
        session::Session,
        state::OfficeState,
    },
    shipped,
    text::error::{ApiError, Lang},
};
use chrono::Utc;
use redress_domain::{calendar::here, clock::Moment, event::Account, procedure::Edition};
use redress_paper::Fonts;
use redress_store::{AnyStore, Progress, Store};
use std::{
    collections::BTreeMap,
    path::PathBuf,
    sync::{
        Arc, Mutex, OnceLock, PoisonError,
        atomic::{AtomicI64, Ordering},
    },
};
use tokio::sync::{RwLock, broadcast};

/// The office. Before the first run it has no folder yet.
pub struct Office {
    pub(crate) config: Config,
    pub(crate) open: RwLock<Option<Arc<OpenOffice>>>,
    /// The check of the log that is running.
    pub(crate) check: Mutex<Option<Arc<Progress>>>,
    /// The salvage that is running.
    pub(crate) salvage: Mutex<Option<Arc<Progress>>>,
    pub(crate) told: broadcast::Sender<Told>,
    /// Serialises sign-in: Argon2 is costly, and failures must be counted one by one.
    pub(crate) signing_in: tokio::sync::Mutex<()>,
    /// Where people came in with both factors.
    pub(crate) came_in: crate::office::came_in::CameIn,
    /// When anchors were last left in the folders that the institution named.
    pub(crate) left: crate::office::left_anchors::Left,
    clock: Mutex<Option<Moment>>,
}

/// An opened data folder with everything that commands need.
pub(crate) struct OpenOffice {
    pub(crate) store: AnyStore,
    pub(crate) state: RwLock<Arc<OfficeState>>,
    pub(crate) presence: Arc<Presence>,
    /// Numbers are taken, and lines of the access stream written, one after another: whoever waits loses no race.
    pub(crate) turn: tokio::sync::Mutex<()>,
    /// Whoever has signed in and gives the password again waits for the one before; no stranger stands in their way.
    pub(crate) proving: tokio::sync::Mutex<()>,
    /// The version of the office that was folded.
    folded: AtomicI64,
    pub(crate) shipped: BTreeMap<String, Arc<Edition>>,
    /// Every procedure in its newest edition.
    pub(crate) current: std::sync::RwLock<Arc<BTreeMap<String, Arc<Edition>>>>,
    pub(crate) kept: RwLock<BTreeMap<String, Arc<Edition>>>,
    /// What was found of the damage that was seen; none while none was.
    pub(crate) damage: std::sync::RwLock<Option<Arc<crate::office::damage::Damage>>>,
    /// One reads past the damage, the others wait.
    pub(crate) facing: tokio::sync::Mutex<()>,
    pub(crate) fonts: OnceLock<Arc<Fonts>>,
    pub(crate) font_dirs: Vec<PathBuf>,
}

impl Office {
    /// Opens the folder, or waits for the first run where there is none. What lists and searches read is derived anew
    /// after an update, which takes a minute for some ten thousands of cases.
    ///
    /// # Errors
    /// The store's refusals: in use, foreign, damaged, on a network share …, and `verify_stopped`.
    pub(crate) async fn open_folder(config: Config, progress: &Progress) -> Result<Self, ApiError> {
        // Reading our own procedures takes as long as opening the folder: side by side.
        let own = config.procedures.clone();
        let shipped = tokio::task::spawn_blocking(move || shipped::shipped(&own));
        let told = change_feed::tellers();
        let open = match config.place().await?.find(&config.owner).await? {
            Some(store) => {
                let shipped = shipped.await.map_err(ApiError::internal)??;
                Some(Arc::new(
                    OpenOffice::load(store, shipped, &config, &told).await?,
                ))
            }
            None => None,
        };
        let office = Self {
            config,
            open: RwLock::new(open),
            check: Mutex::new(None),
            salvage: Mutex::new(None),
            told,
            signing_in: tokio::sync::Mutex::default(),
            came_in: crate::office::came_in::CameIn::default(),
            left: crate::office::left_anchors::Left::default(),
            clock: Mutex::new(None),
        };
        office.renew(progress).await?;
        Ok(office)
    }

    /// Writes anew what an older version derived, or a copy left to be derived.
    async fn renew(&self, progress: &Progress) -> Result<(), ApiError> {
        let open = self.open.read().await.clone();
        if let Some(open) = open
            && open.read_only().is_none()
            && open.store.projections_stale().await?
        {
            self.rebuild_with(progress).await?;
        }
        Ok(())
    }

    /// Takes in what another host changed since the last command: people, offices, editions, or the first set-up.
    pub(crate) async fn keep_up(&self) -> Result<(), ApiError> {
        let open = self.open.read().await.clone();
        match open {
            Some(open) => open.keep_up().await,
            None if self.config.database.is_some() => self.join().await,
            None => Ok(()),
        }
    }

    /// Finds the office that another host set up.
    async fn join(&self) -> Result<(), ApiError> {
        // Held while it is opened: whoever comes meanwhile finds it open.
        let mut slot = self.open.write().await;
        if slot.is_some() {
            return Ok(());
        }
        if let Some(store) = self.config.place().await?.find(&self.config.owner).await? {
            let shipped = shipped::shipped(&self.config.procedures)?;
            *slot = Some(Arc::new(
                OpenOffice::load(store, shipped, &self.config, &self.told).await?,
            ));
            drop(slot);
            self.renew(&Progress::default()).await?;
        }
        Ok(())
    }

    /// Sets the clock; only a training folder takes it.
    ///
    /// # Errors
    /// `clock_only_in_training`.
    pub async fn set_clock(&self, at: Moment) -> Result<(), ApiError> {
        if !self.open_office().await?.state().await.training {
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
        let set = *self.clock.lock().unwrap_or_else(PoisonError::into_inner);
        set.unwrap_or_else(|| {
            let now = Utc::now();
            // Whole milliseconds: what is stored is what was decided.
            let millis = now.timestamp_subsec_millis() * 1_000_000;
            here(&chrono::Timelike::with_nanosecond(&now, millis).unwrap_or(now))
        })
    }

    pub(crate) async fn open_office(&self) -> Result<Arc<OpenOffice>, ApiError> {
        self.open
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
        match self.open_office().await {
            Ok(open) => Ok(open.store.writable().await?),
            Err(_) => Ok(()),
        }
    }

    /// Whether there is no office yet.
    pub async fn first_run(&self) -> bool {
        self.open.read().await.is_none()
    }

    /// The institution's name.
    pub async fn organisation(&self) -> String {
        match self.open_office().await {
            Ok(d) => d.state().await.organisation.name.clone(),
            Err(_) => String::new(),
        }
    }

    /// Refuses whoever is no administrator, for what a door does beside the command list.
    ///
    /// # Errors
    /// `first_run`, `sign_in_first`, `account_may_not`.
    pub async fn must_administer(&self, session: &Session) -> Result<(), ApiError> {
        let state = self.open_office().await?.state().await;
        match state.signed_in(session).map(|p| p.account) {
            None => Err(ApiError::new("sign_in_first")),
            Some(Account::Administrator) => Ok(()),
            Some(_) => Err(ApiError::new("account_may_not").with("command", "")),
        }
    }

    /// Whether somebody is signed in whose account and password still hold.
    pub async fn lasts(&self, session: &Session) -> bool {
        match self.open_office().await {
            Ok(open) => open.state().await.signed_in(session).is_some(),
            Err(_) => false,
        }
    }

    /// Whether the folder is a training folder.
    pub async fn training(&self) -> bool {
        match self.open_office().await {
            Ok(d) => d.state().await.training,
            Err(_) => false,
        }
    }
}

impl OpenOffice {
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
        let state = match folded {
            // Read again, past what cannot be read.
            Err(e) if of_damage(&e) && store.in_folder().is_some() => {
                if let Some(store) = store.in_folder() {
                    store.mark_damaged();
                }
                OfficeState::default()
            }
            folded => folded?,
        };
        let presence = Arc::<Presence>::default();
        change_feed::listen(&store, presence.clone(), told.clone());
        let open = Self {
            store,
            state: RwLock::new(Arc::new(state)),
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
        if open.read_only().is_none()
            && let Err(e) = open.read_current().await
        {
            let damaged = of_damage(&e).then(|| open.store.in_folder()).flatten();
            damaged.ok_or(e)?.mark_damaged();
        }
        open.face_damage().await?;
        Ok(open)
    }

    pub(crate) async fn state(&self) -> Arc<OfficeState> {
        self.state.read().await.clone()
    }

    /// Folds people and institution again after an append to their streams.
    pub(crate) async fn refold(&self) -> Result<(), ApiError> {
        // Read first: what comes while folding is folded next time.
        let version = self.store.house_version().await?;
        let fresh = fold(&self.store).await?;
        let mut state = self.state.write().await;
        let newer = version >= self.folded.load(Ordering::Relaxed);
        if newer {
            *state = Arc::new(fresh);
        }
        drop(state);
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
        let current = self.current.read();
        current.unwrap_or_else(PoisonError::into_inner).clone()
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
        let edition = Arc::new(shipped::kept(&files).map_err(|e| unusable(&e.message(Lang::Zh)))?);
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

async fn fold(store: &AnyStore) -> Result<OfficeState, ApiError> {
    let mut state = OfficeState::fold(
        &store.stream_events("office").await?,
        &store.events_below("person:").await?,
        &store.events_below("party:").await?,
    );
    // Of what a salvage carried in part, the place of the last event is more than how many there are.
    for stream in state.lost.clone() {
        let seq = store.stream_seq(&stream).await?;
        state.stands_at(&stream, seq);
    }
    Ok(state)
}
