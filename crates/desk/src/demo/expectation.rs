//! How a case must stand after a deed.

use super::{Expect, telling::said};
use serde_json::{Value, json};

/// One word of each line of a list.
fn each(list: &Value, key: &str) -> Vec<String> {
    let all = list.as_array().into_iter().flatten();
    all.map(|v| said(&v[key])).collect()
}

fn same(what: &str, wanted: &Value, found: &Value) -> Result<(), String> {
    if wanted == found {
        return Ok(());
    }
    Err(format!("{what} is {found}, not {wanted}"))
}

impl Expect {
    pub(super) fn held(&self, view: &Value) -> Result<(), String> {
        if let Some(step) = &self.step {
            same("step", &json!(step), &view["now"]["step"])?;
        }
        if let Some(status) = &self.status {
            same("status", &json!(status), &view["status"])?;
        }
        if let Some(archived) = self.archived {
            same("archived", &json!(archived), &view["archived"])?;
        }
        self.clocks_held(view)?;
        if let Some(documents) = &self.documents {
            let found = each(&view["documents"], "form");
            same("documents", &json!(documents), &json!(found))?;
        }
        if let Some(missing) = &self.missing {
            let found = each(&view["missing"], "code");
            same("missing", &json!(missing), &json!(found))?;
        }
        for (field, wanted) in &self.values {
            let all = view["values"].as_array().into_iter().flatten();
            let found = all
                .filter(|v| v["key"] == field.as_str())
                .map(|v| said(&v["text"]))
                .next_back();
            same(field, &json!(wanted), &json!(found))?;
        }
        let open = each(&view["actions"], "id");
        if let Some(lost) = self.offers.iter().find(|o| !open.contains(o)) {
            return Err(format!("{lost} is not offered among {open:?}"));
        }
        if let Some(stray) = self.offers_not.iter().find(|o| open.contains(o)) {
            return Err(format!("{stray} is offered"));
        }
        Ok(())
    }

    fn clocks_held(&self, view: &Value) -> Result<(), String> {
        for (id, wanted) in &self.clocks {
            let known = each(&view["clocks"], "id");
            let mut all = view["clocks"].as_array().into_iter().flatten();
            let clock = all.find(|c| c["id"] == id.as_str());
            let clock = clock.ok_or_else(|| format!("no clock {id} among {known:?}"))?;
            for (key, value) in wanted {
                // Moments are told in the office's time.
                let full = match value.as_str().filter(|s| s.len() == 16) {
                    Some(s) => json!(format!("{s}:00+08:00")),
                    None => value.clone(),
                };
                same(&format!("clock {id} {key}"), &full, &clock[key])?;
            }
        }
        Ok(())
    }
}
