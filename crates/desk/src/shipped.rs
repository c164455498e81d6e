//! The procedures that ship with the product, and those that cases were opened under.

use crate::text::error::ApiError;
use redress_domain::{
    calendar::YearFile,
    check::{self, Files, files_name},
    form::Form,
    procedure::Edition,
};
use std::{collections::BTreeMap, sync::Arc};

macro_rules! texts {
    ($prefix:literal, $($name:literal => $path:literal),+ $(,)?) => {
        [$((concat!($prefix, $name), include_str!(concat!("../../../procedures/", $path)))),+]
    };
}

type Text = (&'static str, &'static str);

const SHARED: &[Text] = &texts!("shared/",
    "common.toml" => "shared/common.toml",
    "corrective.toml" => "shared/corrective.toml",
    "preventive.toml" => "shared/preventive.toml",
    "closing.toml" => "shared/closing.toml",
    "ending.toml" => "shared/ending.toml",
    "disputed-work.toml" => "shared/disputed-work.toml",
    "registration.toml" => "shared/registration.toml",
    "acceptance.toml" => "shared/acceptance.toml",
    "agreed.toml" => "shared/agreed.toml",
    "appeal.toml" => "shared/appeal.toml",
    "appeal-onward.toml" => "shared/appeal-onward.toml",
    "retraction.toml" => "shared/retraction.toml",
);

const SHARED_FORMS: &[Text] = &texts!("forms/",
    "complaint-receipt.toml" => "shared/forms/complaint-receipt.toml",
    "reinspection-report.toml" => "shared/forms/reinspection-report.toml",
    "retraction-notice.toml" => "shared/forms/retraction-notice.toml",
    "amendment-statement.toml" => "shared/forms/amendment-statement.toml",
    "reply-letter.toml" => "shared/forms/reply-letter.toml",
    "corrective-action.toml" => "shared/forms/corrective-action.toml",
    "preventive-action.toml" => "shared/forms/preventive-action.toml",
    "closing-notice.toml" => "shared/forms/closing-notice.toml",
    "case-cover.toml" => "shared/forms/case-cover.toml",
    "appeal-decision.toml" => "shared/forms/appeal-decision.toml",
    "compensation-record.toml" => "shared/forms/compensation-record.toml",
    "delivery-receipt.toml" => "shared/forms/delivery-receipt.toml",
    "complaint-registration.toml" => "shared/forms/complaint-registration.toml",
);

/// Each procedure with its own forms; one of the same name stands in a shared one's place.
const PROCEDURES: &[(&str, &[Text])] = &[
    (
        include_str!("../../../procedures/inspection-station/procedure.toml"),
        &texts!("forms/",
            "intake-pretreatment.toml" => "inspection-station/forms/intake-pretreatment.toml",
            "complaint-receipt.toml" => "inspection-station/forms/complaint-receipt.toml",
            "closing-notice.toml" => "inspection-station/forms/closing-notice.toml"),
    ),
    (
        include_str!("../../../procedures/clinical-laboratory/procedure.toml"),
        &texts!("forms/",
            "complaint-receipt.toml" => "clinical-laboratory/forms/complaint-receipt.toml",
            "handling-reply.toml" => "clinical-laboratory/forms/handling-reply.toml",
            "technical-reverification.toml" => "clinical-laboratory/forms/technical-reverification.toml",
            "negotiation-record.toml" => "clinical-laboratory/forms/negotiation-record.toml",
            "mediation-transfer.toml" => "clinical-laboratory/forms/mediation-transfer.toml",
            "management-review.toml" => "clinical-laboratory/forms/management-review.toml",
            "closing-notice.toml" => "clinical-laboratory/forms/closing-notice.toml"),
    ),
    (
        include_str!("../../../procedures/hospital/procedure.toml"),
        &texts!("forms/",
            "complaint-reception.toml" => "hospital/forms/complaint-reception.toml",
            "follow-up-record.toml" => "hospital/forms/follow-up-record.toml",
            "footage-record.toml" => "hospital/forms/footage-record.toml",
            "group-appointment.toml" => "hospital/forms/group-appointment.toml",
            "handling-plan.toml" => "hospital/forms/handling-plan.toml",
            "reply-letter.toml" => "hospital/forms/reply-letter.toml",
            "testimony-record.toml" => "hospital/forms/testimony-record.toml"),
    ),
    (
        include_str!("../../../procedures/first-asked/procedure.toml"),
        &texts!("forms/",
            "first-asked-record.toml" => "first-asked/forms/first-asked-record.toml",
            "first-asked-transfer.toml" => "first-asked/forms/first-asked-transfer.toml"),
    ),
    (
        include_str!("../../../procedures/car-dealer/procedure.toml"),
        &texts!("forms/",
            "complaint-receipt.toml" => "car-dealer/forms/complaint-receipt.toml",
            "car-call-record.toml" => "car-dealer/forms/car-call-record.toml",
            "decision-contact-record.toml" => "car-dealer/forms/decision-contact-record.toml",
            "fault-determination.toml" => "car-dealer/forms/fault-determination.toml",
            "follow-up-record.toml" => "car-dealer/forms/follow-up-record.toml",
            "tracking-sheet.toml" => "car-dealer/forms/tracking-sheet.toml"),
    ),
    (
        include_str!("../../../procedures/customer-service/procedure.toml"),
        &texts!("forms/",
            "acknowledgement.toml" => "customer-service/forms/acknowledgement.toml",
            "complaint-registration.toml" => "customer-service/forms/complaint-registration.toml",
            "remedy-proposal.toml" => "customer-service/forms/remedy-proposal.toml"),
    ),
    (
        include_str!("../../../procedures/factory/procedure.toml"),
        &texts!("forms/",
            "feedback-sheet.toml" => "factory/forms/feedback-sheet.toml",
            "contact-reply.toml" => "factory/forms/contact-reply.toml",
            "internal-contact-sheet.toml" => "factory/forms/internal-contact-sheet.toml",
            "meeting-minutes.toml" => "factory/forms/meeting-minutes.toml"),
    ),
    (
        include_str!("../../../procedures/after-sales/procedure.toml"),
        &texts!("forms/",
            "customer-opinion.toml" => "after-sales/forms/customer-opinion.toml",
            "gift-receipt.toml" => "after-sales/forms/gift-receipt.toml",
            "settlement-agreement.toml" => "after-sales/forms/settlement-agreement.toml",
            "shipping-receipt.toml" => "after-sales/forms/shipping-receipt.toml",
            "tracking-record.toml" => "after-sales/forms/tracking-record.toml"),
    ),
    (
        include_str!("../../../procedures/inspection-institute/procedure.toml"),
        &texts!("forms/",
            "handling-notice.toml" => "inspection-institute/forms/handling-notice.toml",
            "handling-report.toml" => "inspection-institute/forms/handling-report.toml",
            "management-review.toml" => "inspection-institute/forms/management-review.toml",
            "not-upheld-explanation.toml" => "inspection-institute/forms/not-upheld-explanation.toml",
            "objection-register.toml" => "inspection-institute/forms/objection-register.toml",
            "result-void-notice.toml" => "inspection-institute/forms/result-void-notice.toml",
            "retraction-notice.toml" => "inspection-institute/forms/retraction-notice.toml",
            "superior-referral.toml" => "inspection-institute/forms/superior-referral.toml"),
    ),
];

/// Papers of the institution, of no procedure.
const HOUSE_FORMS: &[Text] = &texts!("",
    "disposal-list" => "shared/house/disposal-list.toml",
);

/// A paper of the institution.
///
/// # Errors
/// `unknown_form`, `procedure_unsound`.
pub fn house_form(id: &str) -> Result<Form, ApiError> {
    let (_, text) = HOUSE_FORMS
        .iter()
        .find(|(name, _)| *name == id)
        .ok_or_else(|| ApiError::new("unknown_form").with("form", id))?;
    Ok(check::form(&((*id).to_owned(), (*text).to_owned()))?)
}

/// The years that ship with the product.
pub fn calendars() -> Result<Vec<YearFile>, ApiError> {
    [
        include_str!("../../../procedures/calendars/2025.json"),
        include_str!("../../../procedures/calendars/2026.json"),
    ]
    .into_iter()
    .map(|text| serde_json::from_str(text).map_err(ApiError::from))
    .collect()
}

/// The editions that ship with the product, or `own` in their stead, by procedure id.
///
/// # Errors
/// `procedure_unsound`: one of the files is wrong.
pub fn shipped(own: &[Vec<(String, String)>]) -> Result<BTreeMap<String, Arc<Edition>>, ApiError> {
    let all: Vec<Files> = if own.is_empty() {
        PROCEDURES.iter().map(ours).collect()
    } else {
        own.iter().map(|files| sorted(files.clone())).collect()
    };
    let mut editions = BTreeMap::new();
    for files in all {
        let edition = Arc::new(check::load(&files)?);
        editions.insert(edition.procedure.head.id.clone(), edition);
    }
    Ok(editions)
}

fn ours((procedure, forms): &(&str, &[Text])) -> Files {
    let mut files = Files {
        procedure: (files_name::PROCEDURE.to_owned(), (*procedure).to_owned()),
        shared: Vec::new(),
        forms: forms.iter().map(owned).collect(),
    };
    complete(&mut files);
    files
}

fn owned((name, text): &Text) -> (String, String) {
    ((*name).to_owned(), (*text).to_owned())
}

/// Files by what they are, with the product's own building blocks and forms where they bring none. The name of
/// the folder that they came from may stand before theirs.
pub fn sorted(given: Vec<(String, String)>) -> Files {
    let mut files = Files::default();
    for (name, text) in given {
        let name = name.replace('\\', "/");
        let at = [files_name::FORMS, files_name::SHARED, files_name::PROCEDURE]
            .iter()
            .find_map(|part| name.rfind(part))
            .unwrap_or(0);
        let name = name[at..].to_owned();
        let list = if name == files_name::PROCEDURE {
            files.procedure = (name, text);
            continue;
        } else if name.starts_with(files_name::FORMS) {
            &mut files.forms
        } else {
            &mut files.shared
        };
        // A procedure's own form comes before a shared one of its name.
        if list.iter().all(|(known, _)| *known != name) {
            list.push((name, text));
        }
    }
    complete(&mut files);
    files
}

fn complete(files: &mut Files) {
    let lend = |own: &mut Vec<(String, String)>, lent: &[Text]| {
        for text in lent {
            if own.iter().all(|(name, _)| name != text.0) {
                own.push(owned(text));
            }
        }
    };
    lend(&mut files.shared, SHARED);
    lend(&mut files.forms, SHARED_FORMS);
}

/// An edition from the files that were kept with it.
///
/// # Errors
/// `procedure_unsound` where this version no longer understands them.
pub fn kept(files_json: &str) -> Result<Edition, ApiError> {
    let files: Vec<(String, String)> = serde_json::from_str(files_json)?;
    Ok(check::reload(&files)?)
}

#[cfg(test)]
mod tests {
    #[test]
    fn what_ships_is_sound() {
        super::shipped(&[]).unwrap_or_else(|e| panic!("{e:#?}"));
        for (id, _) in super::HOUSE_FORMS {
            let form = super::house_form(id).unwrap_or_else(|e| panic!("{e:#?}"));
            assert_eq!(form.id, *id);
        }
    }
}
