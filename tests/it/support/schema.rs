//! Validates JSON documents against `docs/schemas/`, with the keywords used there. Unknown keywords
//! are an error, so that none goes unchecked.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use serde_json::Value;

static SCHEMAS: LazyLock<BTreeMap<String, Value>> = LazyLock::new(|| {
    let files = fs::read_dir(folder()).unwrap();
    let read = |path: PathBuf| {
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let schema = serde_json::from_slice(&fs::read(&path).unwrap());
        (
            name,
            schema.unwrap_or_else(|error| panic!("{}: {error}", path.display())),
        )
    };
    files.map(|entry| read(entry.unwrap().path())).collect()
});

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/schemas")
}

/// The schemas by file name.
pub(crate) fn schemas() -> &'static BTreeMap<String, Value> {
    &SCHEMAS
}

/// A schema, and the file that its references are relative to.
#[derive(Clone, Copy)]
pub(crate) struct Schema<'s> {
    pub(crate) file: &'s str,
    pub(crate) node: &'s Value,
}

impl Schema<'static> {
    /// The schema at `file.json#/a/b`.
    #[track_caller]
    pub(crate) fn find(file: &'static str, reference: &str) -> Self {
        let (other, pointer) = reference.split_once('#').unwrap_or((reference, ""));
        let file = if other.is_empty() { file } else { other };
        let (file, whole) = SCHEMAS
            .get_key_value(file)
            .unwrap_or_else(|| panic!("there is no schema {file}"));
        let node = whole.pointer(pointer);
        let node = node.unwrap_or_else(|| panic!("{file} has no {pointer}"));
        Self { file, node }
    }

    fn of(self, node: &'static Value) -> Self {
        Self { node, ..self }
    }

    /// Follows the reference, if it is one.
    pub(crate) fn target(self) -> Self {
        match self.node["$ref"].as_str() {
            Some(reference) => Self::find(self.file, reference).target(),
            None => self,
        }
    }

    /// The violations of the schema in a value, each with its location.
    pub(crate) fn faults(self, value: &Value) -> Vec<String> {
        let mut faults = Vec::new();
        self.check(value, "", &mut faults);
        faults
    }

    fn check(self, value: &Value, at: &str, faults: &mut Vec<String>) {
        for (keyword, wanted) in self.node.as_object().unwrap() {
            match keyword.as_str() {
                "$schema" | "$defs" | "title" | "description" => {}
                "$ref" => Self::find(self.file, wanted.as_str().unwrap()).check(value, at, faults),
                "type" => {
                    if !is_among(wanted, |name| has_type(value, name.as_str().unwrap())) {
                        faults.push(format!("{at}: {value} is no {wanted}"));
                    }
                }
                "const" | "enum" => {
                    if !is_among(wanted, |one| one == value) {
                        faults.push(format!("{at}: {value} is not {wanted}"));
                    }
                }
                "properties" => {
                    for (name, schema) in wanted.as_object().unwrap() {
                        if let Some(value) = value.get(name) {
                            self.of(schema)
                                .check(value, &format!("{at}/{name}"), faults);
                        }
                    }
                }
                "required" => {
                    let names = wanted.as_array().unwrap().iter();
                    for name in names.filter(|name| value.get(name.as_str().unwrap()).is_none()) {
                        faults.push(format!("{at}: {name} is missing"));
                    }
                }
                "additionalProperties" => self.check_names(value, at, faults),
                "items" => {
                    for (index, item) in value.as_array().into_iter().flatten().enumerate() {
                        self.of(wanted)
                            .check(item, &format!("{at}/{index}"), faults);
                    }
                }
                "anyOf" | "oneOf" => self.check_choice(keyword, wanted, value, at, faults),
                other => panic!("{}: `{other}` is not known", self.file),
            }
        }
    }

    fn check_names(self, value: &Value, at: &str, faults: &mut Vec<String>) {
        assert_eq!(self.node["additionalProperties"], false);
        for name in value
            .as_object()
            .into_iter()
            .flat_map(|object| object.keys())
        {
            if self.node["properties"].get(name).is_none() {
                faults.push(format!("{at}: `{name}` is not in {}", self.file));
            }
        }
    }

    fn check_choice(
        self,
        keyword: &str,
        wanted: &'static Value,
        value: &Value,
        at: &str,
        faults: &mut Vec<String>,
    ) {
        let tried: Vec<Vec<String>> = wanted
            .as_array()
            .unwrap()
            .iter()
            .map(|one| {
                let mut faults = Vec::new();
                self.of(one).check(value, at, &mut faults);
                faults
            })
            .collect();
        let fitting = tried.iter().filter(|faults| faults.is_empty()).count();
        if fitting == 0 {
            faults.push(format!("{at}: nothing fits: {tried:#?}"));
        } else if fitting > 1 && keyword == "oneOf" {
            faults.push(format!("{at}: {fitting} of {} fit", tried.len()));
        }
    }
}

/// Whether one item of a list matches, or the single value.
fn is_among(wanted: &Value, does: impl Fn(&Value) -> bool) -> bool {
    wanted
        .as_array()
        .map_or_else(|| does(wanted), |all| all.iter().any(&does))
}

fn has_type(value: &Value, name: &str) -> bool {
    match name {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        "integer" => value.is_u64() || value.is_i64(),
        "number" => value.is_number(),
        other => panic!("`{other}` is no type"),
    }
}

/// Asserts that a text is one document that matches its command's schema.
#[track_caller]
pub(crate) fn assert_document(text: &str) -> Value {
    let document: Value = serde_json::from_str(text)
        .unwrap_or_else(|error| panic!("not one JSON document: {error}\n{text}"));
    let names: Vec<&str> = document
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    assert_eq!(names[..2], ["version", "command"], "{text}");
    let file = document["command"]
        .as_str()
        .map(|name| format!("{name}.json"));
    let known = file.and_then(|file| Some(SCHEMAS.get_key_value(&file)?.0));
    let schema = match known {
        Some(file) => Schema::find(file, ""),
        None => Schema::find("common.json", "#/$defs/failure"),
    };
    let faults = schema.faults(&document);
    assert!(faults.is_empty(), "{}\n{text}", faults.join("\n"));
    document
}
