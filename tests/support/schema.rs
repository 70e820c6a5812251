//! Documents held against the published schemas.

#![expect(clippy::disallowed_methods, reason = "the test reads the schemas")]

use std::path::Path;

use jsonschema::Validator;
use serde_json::{Map, Value};

/// Asserts that `document` is valid, and that it is no longer with any key of any object taken away or with one added.
pub(crate) fn exact(schema: &str, document: &Value) {
    let validator = validator(schema);
    let errors: Vec<String> = validator.iter_errors(document).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    let mut objects = 0;
    for pointer in pointers(document) {
        let mut changed = document.clone();
        let object = object(&mut changed, &pointer);
        object.insert("unheard-of".to_owned(), Value::Null);
        let keys: Vec<String> = object.keys().cloned().collect();
        assert!(!validator.is_valid(&changed), "a key more at `{pointer}`");
        for key in keys.iter().filter(|key| *key != "unheard-of") {
            let mut changed = document.clone();
            self::object(&mut changed, &pointer).shift_remove(key);
            assert!(!validator.is_valid(&changed), "`{key}` missing at `{pointer}`");
        }
        objects += 1;
    }
    assert!(objects > 0);
}

fn validator(name: &str) -> Validator {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("schema/{name}.schema.json"));
    let text = std::fs::read_to_string(path).expect("the schema is in the repository");
    jsonschema::draft202012::new(&serde_json::from_str(&text).expect("the schema is JSON")).expect("the schema is one")
}

/// The JSON pointers of all objects in a document.
fn pointers(value: &Value) -> Vec<String> {
    let inner: Vec<(String, &Value)> = match value {
        Value::Object(object) => object.iter().map(|(key, value)| (key.clone(), value)).collect(),
        Value::Array(array) => array.iter().enumerate().map(|(index, value)| (index.to_string(), value)).collect(),
        _ => return Vec::new(),
    };
    let below = inner
        .iter()
        .flat_map(|(key, value)| pointers(value).into_iter().map(move |pointer| format!("/{key}{pointer}")));
    let own = value.is_object().then(String::new);
    own.into_iter().chain(below).collect()
}

fn object<'a>(document: &'a mut Value, pointer: &str) -> &'a mut Map<String, Value> {
    document.pointer_mut(pointer).and_then(Value::as_object_mut).expect("the pointer is one of the document's objects")
}
