//! One command over HTTP: whose session it is, whether it is admitted, and what is logged.

use crate::{
    act::act,
    file,
    host::Host,
    limits::Whose,
    wire::{Acted, Asked, Later, Sends},
};
use axum::{
    Json,
    extract::{Path, Request, State},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use redress_desk::{
    ApiError, Lang,
    commands::{for_anyone, known},
};
use std::{sync::Arc, time::Instant};

/// `/call/NAME` and `/file/NAME`.
pub(crate) async fn call(
    State(host): State<Arc<Host>>,
    Path(name): Path<String>,
    request: Request,
) -> Response {
    let begun = Instant::now();
    let Some(asked) = Asked::read(&host, name, &request) else {
        return StatusCode::UNSUPPORTED_MEDIA_TYPE.into_response();
    };
    let address = asked.origin.address;
    let found = host
        .sessions
        .find(&asked.token, &asked.device, address, begun);
    if found.stolen {
        let command = known(&asked.name).unwrap_or("?");
        tracing::warn!(command, "a session's token came from another device");
    }
    let whose = Whose::of(&found.session, address);
    let acted = match admits(&host, &asked, &whose, found.known) {
        Ok(()) => {
            let acting: Later<'_, Acted> = Box::pin(act(&host, &asked, &whose, request, found));
            acting.await
        }
        Err((status, e)) => {
            if e.code == STRANGER {
                // What a session that ended meanwhile sends is sent again once it lasts.
                file::drain(&mut request.into_body().into_data_stream()).await;
            }
            (status, Err(e), vec![])
        }
    };
    log(&asked.name, &acted, begun);
    respond(acted, asked.lang)
}

/// The refusal of whoever has no session.
const STRANGER: &str = "sign_in_first";

/// Whether a request is taken up, before its size is looked at.
fn admits(
    host: &Host,
    asked: &Asked,
    whose: &Whose,
    signed_in: bool,
) -> Result<(), (StatusCode, ApiError)> {
    let name = asked.name.as_str();
    let refused = |status, code| Err((status, ApiError::new(code)));
    if !host.rate.admits(whose) {
        return refused(StatusCode::TOO_MANY_REQUESTS, "too_many_requests");
    }
    understood(&asked.speaks, name).map_err(|e| (StatusCode::CONFLICT, e))?;
    if !signed_in && (!for_anyone(name) || asked.sends == Sends::File) {
        return refused(StatusCode::UNPROCESSABLE_ENTITY, STRANGER);
    }
    match name {
        // Whoever comes first would be the administrator.
        "office.setup" if !asked.origin.here => refused(StatusCode::FORBIDDEN, "setup_only_here"),
        // It writes to a folder of this machine.
        "salvage.run" if !asked.origin.here => refused(StatusCode::FORBIDDEN, "salvage_only_here"),
        _ => Ok(()),
    }
}

/// Which command, how it ended, how long it took: nothing that was typed, and nobody's name.
fn log(name: &str, (status, answer, _): &Acted, begun: Instant) {
    let code = answer.as_ref().err().map_or("", |e| e.code.as_str());
    let ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
    let command = known(name).unwrap_or("?");
    if *status == StatusCode::TOO_MANY_REQUESTS {
        // Whoever floods the host does not fill its disk.
        tracing::debug!(command, status = status.as_u16(), code, ms);
    } else {
        tracing::info!(command, status = status.as_u16(), code, ms);
    }
}

fn respond((status, answer, cookies): Acted, lang: Lang) -> Response {
    let mut response = match answer {
        Ok(reply) => reply.respond(status),
        Err(e) => (status, Json(e.to_door(lang))).into_response(),
    };
    // Names and complaints stay out of the browser's cache.
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    for c in cookies {
        if let Ok(v) = HeaderValue::from_str(&c) {
            headers.append(header::SET_COOKIE, v);
        }
    }
    response
}

/// Whether a window speaks this host's command list. What was typed is taken in any version, so that nothing is
/// lost while it is brought up to date.
fn understood(speaks: &str, name: &str) -> Result<(), ApiError> {
    use redress_desk::commands::{OLDEST, VERSION};
    let Ok(speaks) = speaks.parse::<u32>() else {
        // Scripts say nothing and answer for themselves.
        return Ok(());
    };
    let code = match speaks {
        _ if name.starts_with("draft.") || name.starts_with("session.") => return Ok(()),
        n if n < OLDEST => "window_too_old",
        n if n > VERSION => "window_too_new",
        _ => return Ok(()),
    };
    Err(ApiError::new(code)
        .with("window", speaks)
        .with("host", VERSION))
}
