//! The whole demo.

use super::{Astray, EndsAs, Laboratory, Practice, STORIES, Story};
use crate::ApiError;
use serde_json::json;

impl Practice {
    /// The whole demo: three cases to their archive, and two that are still open.
    ///
    /// # Errors
    /// What the commands refuse.
    pub async fn walk(&mut self) -> Result<Vec<String>, ApiError> {
        let mut cases = Vec::new();
        for ends in [EndsAs::Differs, EndsAs::Agrees, EndsAs::UsedUp] {
            cases.push(self.story(ends).await?);
        }
        let complaint = self.complaint();
        let open = self.register(complaint).await?;
        self.judged(&open).await?;
        self.retested(&open, false).await?;
        self.retracted(&open).await?;
        cases.push(open);
        let mut service = self.complaint();
        let parts = [
            ("complaint.nature", json!("service")),
            (
                "complaint.description",
                json!("大厅等候两个多小时，叫号屏坏了没人管，问窗口说不知道。"),
            ),
            ("complaint.demand", json!(["explain", "apologise"])),
            ("complainant.name", json!("李建国")),
            ("complainant.phone", json!("139 0571 2233")),
        ];
        for (key, value) in parts {
            service[key] = value;
        }
        if let Some(map) = service.as_object_mut() {
            map.retain(|k, _| !k.starts_with("report."));
        }
        cases.push(self.register(service).await?);
        for story in Laboratory::ALL {
            cases.push(self.laboratory(story).await?);
        }
        for (name, text) in STORIES {
            let astray =
                |e: Astray| ApiError::new("story_astray").with("about", format!("{name}: {e}"));
            let story = Story::read(text).map_err(astray)?;
            cases.extend(self.tell(&story).await.map_err(astray)?.into_values());
        }
        Ok(cases)
    }
}
