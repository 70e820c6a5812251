//! The tags of a project: which ones what is read carries, and which ones are let expire.

use super::invalidation::{HOLE, may_be_same};
use super::keeping::Kept;
use crate::diagnostic::nearest::nearest;
use crate::models::Effect;
use crate::project::effects::Happening;
use crate::project::effects::summary::Site;
use crate::project::{AppId, Project};

/// How long something is kept whose tag nobody lets expire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lasting {
    /// Until the tag expires.
    ForGood,
    /// For a time: the function that carries the tag says that it is kept, and nothing but the tag ends that before.
    ForATime,
    /// That is not known.
    Unknown,
}

/// A tag that something carries which is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Carried {
    /// The tag, with `{}` for what is not known of it.
    pub tag: String,
    /// The call that says so.
    pub site: Site,
    /// How long what carries it is kept.
    pub lasting: Lasting,
}

/// A tag that is let expire, and that nothing carries.
#[derive(Debug, Clone)]
pub struct Uncarried<'p> {
    /// The app.
    pub app: AppId,
    /// The call, and what leads to it.
    pub expires: &'p Happening,
    /// A tag like it that something carries, and that nothing lets expire.
    pub nearest: Option<Carried>,
}

/// What does not fit among the tags of a project.
#[derive(Debug, Default)]
pub struct Misfits<'p> {
    /// The tags that are let expire and that nothing carries, by app, file and tag.
    pub uncarried: Vec<Uncarried<'p>>,
    /// The tags of what is kept that nothing lets expire, by place.
    pub unexpired: Vec<Carried>,
}

/// Every tag of a project.
struct Tags<'p> {
    carried: Vec<Carried>,
    /// Whether something may carry tags that are not known.
    carries_more: bool,
    expired: Vec<(AppId, &'p Happening)>,
    /// Whether tags may be let expire that are not known.
    expires_more: bool,
}

impl Project {
    /// The tags that are let expire and that nothing carries, and the other way round.
    #[must_use]
    pub fn tag_misfits(&self) -> Misfits<'_> {
        let tags = self.tags();
        let carries = |tag: &str| tags.carries_more || tags.carried.iter().any(|of| may_be_same(&of.tag, tag));
        let expires = |tag: &str| {
            tags.expires_more
                || tags
                    .expired
                    .iter()
                    .any(|(_, of)| of.target.as_deref().is_some_and(|target| may_be_same(target, tag)))
        };
        let mut found = Misfits::default();
        for &(app, expired) in &tags.expired {
            let Some(tag) = expired.target.as_deref().filter(|tag| !carries(tag)) else { continue };
            // One of several tags may be the one that is meant.
            let mut beside = tags.expired.iter().filter(|(_, other)| other.trail == expired.trail);
            if beside.any(|(_, other)| other.target.as_deref().is_some_and(carries)) {
                continue;
            }
            let others = || tags.carried.iter().filter(|of| !expires(&of.tag));
            let near = nearest(tag, others().map(|of| of.tag.as_str()));
            let nearest = near.and_then(|near| others().find(|of| of.tag == near)).cloned();
            found.uncarried.push(Uncarried { app, expires: expired, nearest });
        }
        let order = |of: &Uncarried<'_>| {
            let place = self.call_place(of.expires.site());
            (of.app, place.file, of.expires.target.clone(), place)
        };
        found.uncarried.sort_by_key(order);
        let paired = |of: &Carried| {
            found.uncarried.iter().any(|pair| pair.nearest.as_ref().is_some_and(|near| near.tag == of.tag))
        };
        if !tags.expired.is_empty() {
            let alone =
                tags.carried.iter().filter(|of| of.lasting != Lasting::Unknown && !expires(&of.tag) && !paired(of));
            found.unexpired = alone.cloned().collect();
        }
        // Each tag once, where it is kept longest.
        found.unexpired.sort_by_key(|of| (of.tag.clone(), of.lasting, self.call_place(of.site)));
        found.unexpired.dedup_by(|one, other| one.tag == other.tag);
        found.unexpired.sort_by_key(|of| self.call_place(of.site));
        found
    }

    fn lasting(&self, kept: &Kept) -> Lasting {
        match (kept.functions.is_empty(), kept.lasts && !kept.foreign) {
            (false, true) => Lasting::ForGood,
            (true, _) if !kept.foreign && self.is_kept_by_itself(self.function_of(kept.site)) => Lasting::ForATime,
            _ => Lasting::Unknown,
        }
    }

    fn tags(&self) -> Tags<'_> {
        let mut tags = Tags { carried: Vec::new(), carries_more: false, expired: Vec::new(), expires_more: false };
        let actions = (0..).zip(&self.actions().all).map(|(id, action)| (action.app, self.action_doing(id)));
        let entered = self.entered().iter().map(|entered| (entered.app, &entered.doing));
        let doings: Vec<_> = actions.chain(entered).collect();
        let known = |target: &Option<String>| target.clone().filter(|target| target != HOLE);
        let nothing = |target: &Option<String>| target.as_deref() == Some("");
        let tagged = || doings.iter().flat_map(|(_, doing)| doing.of(Effect::CacheTag));
        for kept in self.graph().kept() {
            // What callers say is known where somebody is reached who says it.
            let bound: Vec<&Happening> = tagged().filter(|tag| tag.site() == kept.site).collect();
            let said: Vec<Option<String>> = match kept.open && !bound.is_empty() {
                true => bound.iter().map(|tag| tag.target.clone()).collect(),
                false => kept.tags.clone(),
            };
            for tag in said {
                match known(&tag) {
                    Some(tag) => {
                        tags.carried.push(Carried { tag, site: kept.site, lasting: self.lasting(kept) });
                    }
                    None => tags.carries_more = true,
                }
            }
        }
        for &(app, doing) in &doings {
            for expires in [Effect::RevalidateTag, Effect::UpdateTag].into_iter().flat_map(|of| doing.of(of)) {
                if nothing(&expires.target) {
                    continue;
                }
                if known(&expires.target).is_none() {
                    tags.expires_more = true;
                } else if !tags
                    .expired
                    .iter()
                    .any(|(_, of)| (of.site(), &of.target) == (expires.site(), &expires.target))
                {
                    tags.expired.push((app, expires));
                }
            }
        }
        tags.expired.sort_by_key(|(_, of)| (self.call_place(of.site()), of.target.clone()));
        tags
    }
}
