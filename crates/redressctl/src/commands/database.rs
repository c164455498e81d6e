//! PostgreSQL databases in which offices with several hosts are kept.

use crate::{
    office::{address, config},
    stop::Stop,
};
use clap::Args;
use redress_desk::{Address, Config};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// Make the tables of a PostgreSQL database, and a host's rights in them
#[derive(Args)]
pub(crate) struct Prepare {
    /// Address of the database as its owner; `-` takes it from REDRESS_DATABASE
    #[arg(long, value_name = "OWNER_URL", value_parser = address)]
    database: Address,
    /// Role under which hosts connect
    #[arg(long, value_name = "NAME")]
    role: String,
}

impl Prepare {
    pub(crate) async fn run(self) -> Result<Value, Stop> {
        redress_desk::prepare(&self.database, &self.role).await?;
        Ok(json!({ "prepared": self.database.to_string(), "role": self.role }))
    }
}

/// Carry an office into an empty database or back into a folder, and verify it there
#[derive(Args)]
pub(crate) struct Move {
    #[command(flatten)]
    from: From,
    #[command(flatten)]
    to: To,
}

#[derive(Args)]
#[group(required = true, multiple = false)]
struct From {
    /// Data folder to carry from
    #[arg(long = "from", value_name = "DATA")]
    folder: Option<PathBuf>,
    /// Database to carry from; `-` takes the address from REDRESS_DATABASE
    #[arg(long = "from-database", value_name = "URL", value_parser = address)]
    database: Option<Address>,
}

#[derive(Args)]
#[group(required = true, multiple = false)]
struct To {
    /// Data folder to carry to
    #[arg(long = "to", value_name = "DATA")]
    new_folder: Option<PathBuf>,
    /// Database to carry to; `-` takes the address from REDRESS_DATABASE
    #[arg(long = "to-database", value_name = "URL", value_parser = address)]
    new_database: Option<Address>,
}

impl Move {
    pub(crate) async fn run(self) -> Result<Value, Stop> {
        let from = office(self.from.folder, self.from.database);
        let to = office(self.to.new_folder, self.to.new_database);
        let moved = redress_desk::move_house(&from, &to).await?;
        Ok(serde_json::to_value(moved)?)
    }
}

fn office(folder: Option<PathBuf>, database: Option<Address>) -> Config {
    config(folder.as_deref().unwrap_or(Path::new("")), database)
}
