//! Rarely needed settings, offered by one question that defaults to no.

use crate::app::credential::Origin;
use crate::app::init::Answers;
use crate::app::named_models::Naming;
use crate::args::KeyIn;
use crate::error::{Failure, FailureKind};
use crate::openclaw::CredentialSource;
use crate::portkey::base_url::BaseUrl;
use crate::portkey::headers;
use crate::portkey::key_variable::variable_for;
use crate::portkey::model_id::{ModelId, VIRTUAL};
use crate::portkey::refusal::Refused;
use crate::prompt::{Item, Objection};

use super::{Wizard, split};

/// A question, and whether it applies.
struct Topic<'w> {
    name: &'static str,
    is_open: fn(&Wizard<'w>, &Answers) -> bool,
    ask: fn(&mut Wizard<'w>, &mut Answers) -> Result<(), Failure>,
}

impl<'w> Wizard<'w> {
    /// Offers all questions that apply.
    pub(super) fn more(&mut self, answers: &mut Answers) -> Result<(), Failure> {
        let topics = Self::topics();
        let open = topics.iter().filter(|topic| (topic.is_open)(self, answers));
        let names: Vec<&str> = open.map(|topic| topic.name).collect();
        if names.is_empty() {
            return Ok(());
        }
        let question = format!("Anything else? ({})", names.join(", "));
        if !self.ask.confirm(&question, false)? {
            return Ok(());
        }
        for topic in topics {
            // If a config chooses the model, there are no fallbacks to choose.
            if (topic.is_open)(self, answers) {
                (topic.ask)(self, answers)?;
            }
        }
        Ok(())
    }

    fn topics() -> [Topic<'w>; 7] {
        [
            Topic {
                name: "gateway config",
                is_open: |wizard, answers| {
                    answers.headers.gateway_config.is_none() && !wizard.sends(headers::CONFIG)
                },
                ask: Self::gateway_config,
            },
            Topic {
                name: "primary",
                is_open: Self::has_choice_of_primary,
                ask: Self::primary,
            },
            Topic {
                name: "fallbacks",
                is_open: Self::has_choice_of_fallbacks,
                ask: Self::fallbacks,
            },
            Topic {
                name: "metadata",
                is_open: |wizard, answers| {
                    answers.headers.metadata.is_empty() && !wizard.sends(headers::METADATA)
                },
                ask: Self::metadata,
            },
            Topic {
                name: "where the key is stored",
                is_open: Self::can_place_key,
                ask: Self::key_place,
            },
            Topic {
                name: "another key",
                is_open: Self::can_replace_key,
                ask: Self::replace_key,
            },
            Topic {
                name: "base URL",
                is_open: |wizard, _| {
                    wizard.provider().is_some() && wizard.request.base_url.is_none()
                },
                ask: Self::base_url,
            },
        ]
    }

    /// Whether the provider already has a header.
    pub(super) fn sends(&self, header: &str) -> bool {
        let provider = self.provider();
        provider.is_some_and(|provider| provider.header(header, None).is_some())
    }

    fn gateway_config(&mut self, answers: &mut Answers) -> Result<(), Failure> {
        let by_config = answers.models.iter().any(ModelId::is_virtual);
        let question = if by_config {
            "Gateway config (its id, pc-…; leave empty if it is attached to the key)"
        } else {
            "Gateway config (an id, pc-…; optional)"
        };
        let id = loop {
            let id = self.ask.text(question, None, &config_objection)?;
            if id.is_empty() {
                return Ok(());
            }
            if self.is_config(&id) {
                break id;
            }
        };
        answers.headers.gateway_config = Some(id);
        let question = "Let this config choose the model, through portkey-dynamic?";
        if !by_config && self.ask.confirm(question, answers.models.is_empty())? {
            let dynamic = Naming::default().models(self.session, &[VIRTUAL.to_owned()])?;
            answers.primary = dynamic.first().cloned();
            answers.models.extend(dynamic);
        }
        Ok(())
    }

    /// Whether a config exists at Portkey, if it can be checked; reports it if not.
    fn is_config(&self, id: &str) -> bool {
        let Some(inquiry) = &self.inquiry else {
            return true;
        };
        let busy = self.ui.busy("checking the config");
        let answer = inquiry.config(id);
        busy.done();
        match answer {
            Ok(Some(refusal)) if refusal.cause == Refused::UnknownConfig => {
                let failure = Failure::new(
                    FailureKind::Check,
                    format!("the config {id} doesn't exist in this key's workspace"),
                );
                self.show_error(
                    &failure.hint("copy the config's id from https://app.portkey.ai/configs"),
                );
                false
            }
            // The check before the write reports everything else.
            _ => true,
        }
    }

    fn metadata(&mut self, answers: &mut Answers) -> Result<(), Failure> {
        let text = self.ask.text(
            "Metadata (labels for Portkey's logs, such as team=backend; optional)",
            None,
            &metadata_objection,
        )?;
        answers.headers.metadata = split(&text);
        Ok(())
    }

    /// Whether the key isn't stored yet where OpenClaw's service finds it.
    fn can_place_key(&self, answers: &Answers) -> bool {
        let is_kept = match &answers.key {
            None => true,
            Some(key) => matches!(
                key.origin,
                Origin::Dotenv(_) | Origin::Config | Origin::Elsewhere(_)
            ),
        };
        let given = self.provider().and_then(|provider| provider.api_key);
        let is_referred = given.is_some_and(|view| CredentialSource::read(&view).is_reference());
        answers.key_in.is_none() && !is_kept && !is_referred
    }

    /// Whether there is a key that wasn't just entered and isn't in a secret store.
    fn can_replace_key(&self, answers: &Answers) -> bool {
        let given = self.provider().and_then(|provider| provider.api_key);
        let is_stored = given.is_some_and(|view| {
            let given = CredentialSource::read(&view);
            !given.is_reference() || given.variable().is_some()
        });
        let is_new = answers
            .key
            .as_ref()
            .is_some_and(|key| matches!(key.origin, Origin::Given(_)));
        is_stored && !is_new
    }

    fn base_url(&mut self, answers: &mut Answers) -> Result<(), Failure> {
        let current = self.session.base_url(None)?;
        let check = |text: &str| {
            BaseUrl::parse(text)
                .map(drop)
                .map_err(|error| error.to_string())
        };
        let text = self.ask.text("Base URL", Some(current.as_str()), &check)?;
        if text != current.as_str() {
            answers.base_url = Some(text);
        }
        Ok(())
    }

    fn key_place(&mut self, answers: &mut Answers) -> Result<(), Failure> {
        let variable = match &self.request.key_name {
            Some(name) => name.clone(),
            None => variable_for(&self.provider_id()),
        };
        let items = [
            Item::new(self.session.short(&self.session.location.dotenv))
                .note("recommended: the gateway service reads it"),
            Item::new("not stored").note(format!("you set {variable} yourself")),
            Item::new("in openclaw.json").note("plain text"),
        ];
        answers.key_in = Some(
            match self
                .ask
                .choose("Where should the key be stored?", &items, 0)?
            {
                0 => KeyIn::Dotenv,
                1 => KeyIn::Env,
                _ => KeyIn::Config,
            },
        );
        Ok(())
    }
}

fn config_objection(text: &str) -> Result<(), Objection> {
    if text.is_empty() {
        return Ok(());
    }
    headers::check_config(text)
        .map(|_| ())
        .map_err(|error| error.to_string())
}

fn metadata_objection(text: &str) -> Result<(), Objection> {
    split(text).iter().try_for_each(|pair| {
        headers::metadata_pair(pair)
            .map(|_| ())
            .map_err(|error| error.to_string())
    })
}
