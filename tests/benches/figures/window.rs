//! The window from its start to the first painted page, and what the first page weighs.

use crate::{table::Table, top};
use anyhow::Result;
use flate2::{Compression, write::GzEncoder};
use std::io::Write;

pub fn measure(table: &mut Table) -> Result<()> {
    table.line(
        "first page, gzip",
        format!("{} kB", first_page()? / 1000),
        "350 kB",
        String::new(),
    );
    #[cfg(target_os = "linux")]
    {
        let shown = on_display::measure()?;
        table.line(
            "window, start to painted",
            shown.show(),
            "1200 ms",
            "virtual display, warm file cache".to_owned(),
        );
    }
    Ok(())
}

/// `index.html` and everything that it names.
fn first_page() -> Result<usize> {
    let dist = top().join("ui/dist");
    let index = std::fs::read_to_string(dist.join("index.html"))?;
    let named = index
        .split('"')
        .filter(|part| part.starts_with("./assets/"))
        .map(|part| dist.join(part));
    let mut sum = 0;
    for file in named.chain([dist.join("index.html")]) {
        let mut gz = GzEncoder::new(Vec::new(), Compression::default());
        gz.write_all(&std::fs::read(file)?)?;
        sum += gz.finish()?.len();
    }
    Ok(sum)
}

#[cfg(target_os = "linux")]
mod on_display {
    use crate::{table::Samples, top};
    use anyhow::{Context, Result, ensure};
    use redress_tests::display::Display;
    use std::{
        collections::HashSet,
        os::unix::process::CommandExt,
        process::{Command, Stdio},
        time::{Duration, Instant},
    };
    use x11rb::{
        connection::Connection,
        protocol::xproto::{ConnectionExt, ImageFormat},
        rust_connection::RustConnection,
    };

    const STARTS: usize = 7;
    /// A page of text has many more shades than an empty window.
    const SHADES: usize = 40;

    pub fn measure() -> Result<Samples> {
        let display = Display::start()?;
        let all = (0..STARTS)
            .map(|_| one(&display.name))
            .collect::<Result<Vec<_>>>();
        // The first start warms the caches.
        Ok(Samples::new(all?.into_iter().skip(1).collect()))
    }

    fn one(display: &str) -> Result<Duration> {
        let (screen, number) = RustConnection::connect(Some(display))?;
        let root = screen.setup().roots[number].root;
        let home = tempfile::tempdir()?;
        let below = |name: &str| home.path().join(name);
        for name in ["run", "share", "config", "cache"] {
            std::fs::create_dir_all(below(name))?;
        }
        let start = Instant::now();
        let mut app = Command::new("dbus-run-session")
            .arg("--")
            .arg(top().join("target/release/redress"))
            .env("DISPLAY", display)
            .env("REDRESS_DATA", below("office"))
            .env("XDG_RUNTIME_DIR", below("run"))
            .env("XDG_DATA_HOME", below("share"))
            .env("XDG_CONFIG_HOME", below("config"))
            .env("XDG_CACHE_HOME", below("cache"))
            .env("WEBKIT_DISABLE_COMPOSITING_MODE", "1")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()
            .context("dbus-run-session")?;
        let painted = loop {
            let image = screen
                .get_image(ImageFormat::Z_PIXMAP, root, 200, 100, 900, 500, u32::MAX)?
                .reply()?;
            let shades: HashSet<&[u8]> = image.data.chunks_exact(4).collect();
            if shades.len() > SHADES {
                break start.elapsed();
            }
            ensure!(
                start.elapsed() < Duration::from_secs(30),
                "nothing was painted"
            );
            std::thread::yield_now();
        };
        Command::new("kill")
            .args(["--", &format!("-{}", app.id())])
            .status()?;
        app.wait()?;
        Ok(painted)
    }
}
