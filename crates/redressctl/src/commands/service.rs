//! The host as a Windows service: Windows starts `redressctl serve DATA … --service` and tells it when to stop.

use super::{Command, serve::Serve};
use crate::{in_runtime, stop::Stop, words};
use redress_desk::ApiError;
use serde_json::{Value, json};
use std::{ffi::OsString, sync::Arc, time::Duration};
use tokio::sync::Notify;
use windows_service::{
    define_windows_service,
    service::{
        ServiceControl, ServiceControlAccept, ServiceExitCode, ServiceState, ServiceStatus,
        ServiceType,
    },
    service_control_handler::{self, ServiceControlHandlerResult, ServiceStatusHandle},
    service_dispatcher,
};

/// The service's name, as docs/service/redress-service.ps1 installs it.
const NAME: &str = "Redress";
/// Windows waits so long for a start or a stop before it calls the service hung; finishing takes 30 s at most.
const WAIT: Duration = Duration::from_secs(40);

define_windows_service!(service_main, serve);

/// Hands this process to Windows; comes back when the service has stopped.
pub(crate) fn dispatch() -> Result<Value, Stop> {
    service_dispatcher::start(NAME, service_main).map_err(failed)?;
    Ok(json!({ "stopped": true }))
}

fn failed(e: windows_service::Error) -> Stop {
    ApiError::new("service_not_started")
        .with("detail", e.to_string())
        .into()
}

fn tell(to: &ServiceStatusHandle, state: ServiceState, code: u32) -> Result<(), Stop> {
    let running = state == ServiceState::Running;
    let passing = matches!(
        state,
        ServiceState::StartPending | ServiceState::StopPending
    );
    to.set_service_status(ServiceStatus {
        service_type: ServiceType::OWN_PROCESS,
        current_state: state,
        controls_accepted: match running {
            true => ServiceControlAccept::STOP | ServiceControlAccept::SHUTDOWN,
            false => ServiceControlAccept::empty(),
        },
        exit_code: match code {
            0 => ServiceExitCode::NO_ERROR,
            other => ServiceExitCode::ServiceSpecific(other),
        },
        checkpoint: 0,
        wait_hint: if passing { WAIT } else { Duration::default() },
        process_id: None,
    })
    .map_err(failed)
}

/// What Windows calls. Its own arguments are those of a start by hand; ours stand in the service's command line.
fn serve(_: Vec<OsString>) {
    let end = Arc::new(Notify::new());
    let ending = end.clone();
    let handler = move |control| match control {
        ServiceControl::Stop | ServiceControl::Shutdown => {
            ending.notify_one();
            ServiceControlHandlerResult::NoError
        }
        ServiceControl::Interrogate => ServiceControlHandlerResult::NoError,
        _ => ServiceControlHandlerResult::NotImplemented,
    };
    let Ok(to) = service_control_handler::register(NAME, handler) else {
        return;
    };
    let served = tell(&to, ServiceState::StartPending, 0).and_then(|()| {
        // `main` has read the same words before.
        let Ok(Command::Serve(serve)) = words::read(std::env::args_os().skip(1)) else {
            return Err(ApiError::internal("--service goes with serve").into());
        };
        in_runtime(run(serve, &to, &end))
    });
    // Windows keeps the code beside the service; the log says why.
    let code = u32::from(served.is_err());
    if let Err(Stop(e)) = &served {
        tracing::error!(code = e.code, "the service ended");
    }
    let _ = tell(&to, ServiceState::Stopped, code);
}

async fn run(serve: Serve, to: &ServiceStatusHandle, end: &Notify) -> Result<Value, Stop> {
    let listens = |_: &_| {
        let _ = tell(to, ServiceState::Running, 0);
    };
    let end = async {
        end.notified().await;
        let _ = tell(to, ServiceState::StopPending, 0);
        Ok(())
    };
    serve.until(listens, end).await
}
