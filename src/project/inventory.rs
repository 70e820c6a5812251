//! The inventory: everything that the network can call.

use super::AppId;
use super::compiler::ActionKind;
use super::endpoint::{Endpoint, EndpointKind};
use super::entries::{EntryFile, EntryKind};
use super::program::modules::ModuleId;
use super::{Caller, Project, config::Setting};
use crate::facts::ExportKind;

impl Project {
    /// Everything that the network can call, by path, then position, then name.
    #[must_use]
    pub fn endpoints(&self) -> Vec<Endpoint> {
        let mut found = self.action_endpoints();
        for (app, _) in self.apps() {
            for entry in self.entries(app) {
                match entry.kind {
                    EntryKind::RouteHandler => self.handler_endpoints(app, entry, &mut found),
                    EntryKind::PagesApi => self.api_endpoint(app, entry, &mut found),
                    _ => {}
                }
            }
        }
        found.sort_by(|left, right| {
            (left.place, &left.name, &left.method).cmp(&(right.place, &right.name, &right.method))
        });
        found
    }

    fn action_endpoints(&self) -> Vec<Endpoint> {
        (0..).zip(&self.actions.all).map(|(id, action)| self.action_endpoint(id, action)).collect()
    }

    fn action_endpoint(&self, id: u32, action: &super::actions::Action) -> Endpoint {
        Endpoint {
            app: Some(self.app(action.app).root.clone()),
            kind: match action.kind {
                ActionKind::Action => EndpointKind::ServerAction,
                ActionKind::Cache => EndpointKind::CacheFunction,
            },
            name: action.name.clone(),
            method: "POST".to_owned(),
            url: None,
            place: self.module(action.module).place(action.span),
            inline: action.name.is_none(),
            live: action.live,
            does: self.deeds(self.action_doing(id)),
            guard: self.endpoint_guard(self.action_doing(id)),
            callers: self.callers(id).to_vec(),
        }
    }

    /// One endpoint a method that the route file exports, re-exports and `export *` followed.
    fn handler_endpoints(&self, app: AppId, entry: &EntryFile, found: &mut Vec<Endpoint>) {
        for name in self.symbols.names(&self.modules, entry.module) {
            if !super::entries::next::METHODS.contains(&name.as_str()) {
                continue;
            }
            let Some(place) = self.export_place(entry.module, &name) else { continue };
            let doing = self.entry_doing(app, entry.module, &name);
            let does = doing.map(|doing| self.deeds(doing)).unwrap_or_default();
            let guard = doing.map(|doing| self.endpoint_guard(doing)).unwrap_or_default();
            let callers = self.callers_of_file(app, entry.module, &name);
            found.push(Endpoint {
                app: Some(self.app(app).root.clone()),
                kind: EndpointKind::RouteHandler,
                name: Some(name.clone()),
                method: name,
                url: Some(self.url(app, &entry.url)),
                place,
                inline: false,
                live: true,
                does,
                guard,
                callers,
            });
        }
    }

    fn api_endpoint(&self, app: AppId, entry: &EntryFile, found: &mut Vec<Endpoint>) {
        let module = self.module(entry.module);
        let default = module.facts.exports.iter().find(|export| module.facts.text(export.name) == "default");
        let Some(default) = default.filter(|export| export.kind != ExportKind::Type) else { return };
        let doing = self.entry_doing(app, entry.module, "default");
        let does = doing.map(|doing| self.deeds(doing)).unwrap_or_default();
        let guard = doing.map(|doing| self.endpoint_guard(doing)).unwrap_or_default();
        found.push(Endpoint {
            app: Some(self.app(app).root.clone()),
            kind: EndpointKind::PagesApi,
            name: Some("default".to_owned()),
            method: "*".to_owned(),
            url: Some(self.url(app, &entry.url)),
            place: module.place(default.span),
            inline: false,
            live: true,
            does,
            guard,
            callers: self.callers_of_file(app, entry.module, "default"),
        });
    }

    /// Who sends requests to a method of an entry file.
    fn callers_of_file(&self, app: AppId, module: ModuleId, method: &str) -> Vec<Caller> {
        let route = self.routes(app).of_file(self.module(module).file);
        route.map(|route| self.callers_of_route(app, route, method)).unwrap_or_default()
    }

    /// A route with the app's base path in front, where that is written out.
    pub(super) fn url(&self, app: AppId, route: &str) -> String {
        match &self.config(app).base_path {
            Setting::Known(base) if !base.is_empty() => {
                format!("{base}{}", if route == "/" { "" } else { route })
            }
            _ => route.to_owned(),
        }
    }
}
