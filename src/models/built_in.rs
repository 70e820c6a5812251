//! The model files that edgelint brings.

/// Name and text, by name.
pub const FILES: &[(&str, &str)] = &[
    ("next-config-wrappers", include_str!("../../rules/models/next-config-wrappers.toml")),
    ("react", include_str!("../../rules/models/react.toml")),
    ("react-dom", include_str!("../../rules/models/react-dom.toml")),
    ("swr", include_str!("../../rules/models/swr.toml")),
    ("tanstack-react-query", include_str!("../../rules/models/tanstack-react-query.toml")),
];
