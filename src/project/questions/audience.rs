//! For whom work is done, by the words of its name: for whoever comes, for somebody in particular, or about what a person has for themselves.

/// Work that is done for whoever comes, by how a word starts in the name of a function, a route or an entity.
const FOR_ANYONE: [&str; 26] = [
    "signin",
    "signup",
    "signout",
    "login",
    "logout",
    "register",
    "registration",
    "otp",
    "forgot",
    "reset",
    "verif",
    "magic",
    "newsletter",
    "subscri",
    "unsubscri",
    "waitlist",
    "contact",
    "feedback",
    "enquir",
    "inquir",
    "analytic",
    "pageview",
    "click",
    "visit",
    "impression",
    "telemetry",
];

/// The same, as whole words.
const FOR_ANYONE_WHOLE: [&str; 6] = ["auth", "oauth", "callback", "views", "consent", "heartbeat"];

/// Entities of which whoever comes leaves a row, or marks the one that is their own visit.
const LEFT_BY_ANYONE: [&str; 2] = ["view", "views"];

/// Words of work that is somebody's in particular, whatever else its name says.
const FOR_SOMEBODY: [&str; 5] = ["delete", "remove", "update", "edit", "admin"];

/// What a person has for themselves alone, by how the name of its entity starts.
const PRIVATE: [&str; 14] = [
    "order",
    "payment",
    "invoice",
    "transaction",
    "message",
    "notification",
    "cart",
    "address",
    "subscription",
    "billing",
    "booking",
    "bank",
    "card",
    "purchase",
];

/// Whether an entity is one that a person has for themselves.
pub(in crate::project) fn is_private(entity: &str) -> bool {
    words(entity).iter().any(|word| PRIVATE.iter().any(|private| word.starts_with(private)))
}

/// Whether whoever comes leaves rows of an entity.
pub(in crate::project) fn is_left_by_anyone(entity: &str) -> bool {
    LEFT_BY_ANYONE.contains(&entity.to_lowercase().as_str()) || is_for_anyone(entity)
}

/// Whether a name says that the work is done for whoever comes.
pub(in crate::project) fn is_for_anyone(name: &str) -> bool {
    let words = words(name);
    let starts = |list: &[&str]| words.iter().any(|word| list.iter().any(|start| word.starts_with(start)));
    let pairs = words.windows(2).any(|pair| FOR_ANYONE.contains(&pair.concat().as_str()));
    let whole = words.iter().any(|word| FOR_ANYONE_WHOLE.contains(&word.as_str()));
    (starts(&FOR_ANYONE) || pairs || whole) && !starts(&FOR_SOMEBODY)
}

/// `signUpUser`, `sign-up`, `/api/(auth)/login`: the words of a name, in lower case.
pub(in crate::project) fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut lower = false;
    for letter in name.chars() {
        if !letter.is_alphanumeric() || (letter.is_uppercase() && lower) {
            words.push(String::new());
        }
        lower = letter.is_lowercase();
        if letter.is_alphanumeric() {
            words.last_mut().expect("there is a word").extend(letter.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}
