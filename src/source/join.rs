//! Paths of the tree as text: `/` between segments, no leading or trailing one, `""` for the root.

/// The path that `relative` names when it is written in `folder`; `None` where it leads out of the tree.
#[must_use]
pub fn join(folder: &str, relative: &str) -> Option<String> {
    let mut path = String::with_capacity(folder.len() + relative.len() + 1);
    path.push_str(folder);
    for segment in relative.split('/') {
        match segment {
            "" | "." => {}
            ".." => {
                if path.is_empty() {
                    return None;
                }
                path.truncate(path.rfind('/').unwrap_or(0));
            }
            _ => {
                if !path.is_empty() {
                    path.push('/');
                }
                path.push_str(segment);
            }
        }
    }
    Some(path)
}

/// The folder that a path lies in; the root for a path of one segment.
#[must_use]
pub fn parent(path: &str) -> &str {
    path.rfind('/').map_or("", |end| &path[..end])
}

/// Whether `path` is `folder` or lies below it.
#[must_use]
pub fn is_below(path: &str, folder: &str) -> bool {
    folder.is_empty() || path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
