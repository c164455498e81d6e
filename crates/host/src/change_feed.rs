//! The change feed: notices to whoever is signed in, as server-sent events: what changed, and where somebody came or went.

use crate::{
    host::Host,
    limits::Whose,
    wire::{DEVICE, SESSION, cookie},
    work::Place,
};
use axum::{
    extract::State,
    http::{Extensions, HeaderMap, StatusCode},
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use futures_util::stream::unfold;
use redress_desk::Told;
use std::{
    convert::Infallible,
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::sync::{broadcast::error::RecvError, watch};

/// A line of nothing so often, so that both sides know of a cut connection.
const BREATH: Duration = Duration::from_secs(10);
/// So often the session is looked at while nothing happens.
const LOOK: Duration = Duration::from_secs(20);

struct Listener {
    /// Among the windows of this person.
    _place: Place,
    host: Arc<Host>,
    token: String,
    heard: tokio::sync::broadcast::Receiver<Told>,
    closing: watch::Receiver<bool>,
    /// What was not heard before listening began may have been missed.
    begun: bool,
}

/// The notices of a session, until it ends or the host closes.
pub(crate) async fn listen(
    State(host): State<Arc<Host>>,
    headers: HeaderMap,
    extensions: Extensions,
) -> Response {
    let from = host.proxies.origin(&extensions, &headers).address;
    let (token, device) = (cookie(&headers, SESSION), cookie(&headers, DEVICE));
    let found = host.sessions.find(token, device, from, Instant::now());
    let whose = Whose::of(&found.session, from);
    if !host.rate.admits(&whose) {
        return StatusCode::TOO_MANY_REQUESTS.into_response();
    }
    if !found.known {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    let Some(place) = host.work.listener(&whose) else {
        return StatusCode::TOO_MANY_REQUESTS.into_response();
    };
    let listener = Listener {
        _place: place,
        token: token.to_owned(),
        heard: host.office.told(),
        closing: host.closing.subscribe(),
        host,
        begun: false,
    };
    let events = unfold(listener, |mut l| async {
        let told = l.next().await?;
        let event = Event::default().json_data(&told).unwrap_or_default();
        Some((Ok::<_, Infallible>(event), l))
    });
    Sse::new(events)
        .keep_alive(KeepAlive::new().interval(BREATH))
        .into_response()
}

impl Listener {
    async fn next(&mut self) -> Option<Told> {
        if !std::mem::replace(&mut self.begun, true) {
            return Some(Told::Missed);
        }
        loop {
            let heard = tokio::select! {
                _ = self.closing.wait_for(|closing| *closing) => return None,
                heard = self.heard.recv() => Some(heard),
                () = tokio::time::sleep(LOOK) => None,
            };
            let session = self.host.sessions.lasting(&self.token, Instant::now())?;
            if !self.host.office.lasts(&session).await {
                return None;
            }
            match heard {
                // The subject of a confidential case is not even told that something happened.
                Some(Ok(told)) => match self.host.office.hears(&session, told).await {
                    None => {}
                    told => return told,
                },
                Some(Err(RecvError::Lagged(_))) => return Some(Told::Missed),
                Some(Err(RecvError::Closed)) => return None,
                None => {}
            }
        }
    }
}
