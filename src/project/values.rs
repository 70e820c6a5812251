//! Values: terms, how they come about, and where they stand in the models.

pub(super) mod annotations;
pub(super) mod evaluate;
pub(super) mod external;
pub(super) mod given;
pub(super) mod matching;
pub(super) mod members;
pub(super) mod names;
pub(super) mod progress;
pub(super) mod results;
pub(super) mod shapes;
pub(super) mod sites;
pub(super) mod sources;
pub(super) mod substitute;
pub(super) mod terms;
pub(super) mod truth;
