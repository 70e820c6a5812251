//! Requests: their URL and method as far as they are written out, the route that they lead to, and who has them sent.

use edgelint::project::Project;
use edgelint::project::requests::Leads;

use crate::apps;

/// Each request as `METHOD URL -> where it ends`, by place; an unknown method is `?`, readings beside each other are separated by `|`.
fn requests(project: &Project) -> Vec<String> {
    let line = |request: &edgelint::project::requests::Request| {
        let method = if request.sent.methods.is_empty() { "?".to_owned() } else { request.method() };
        let urls: Vec<String> = request.sent.addresses.iter().map(|address| address.path.to_string()).collect();
        let ends = match request.route() {
            Some((app, route)) => project.routes(app).route(route).url.clone(),
            None => format!("{:?}", request.leads).split('(').next().unwrap_or_default().to_lowercase(),
        };
        let unanswered = if matches!(request.leads, Leads::Unanswered(..)) { " unanswered" } else { "" };
        format!("{method} {} -> {ends}{unanswered}", urls.join(" | "))
    };
    project.requests().iter().map(line).collect()
}

const HANDLER: &str = "export async function GET() {}\nexport async function POST() {}";

/// The requests of a module beside handlers under `/api/users`, `/api/users/[id]` and `/api/team`.
fn of(module: &str) -> Vec<String> {
    let project = apps::app(&[
        ("app/api/users/route.ts", HANDLER),
        ("app/api/users/[id]/route.ts", HANDLER),
        ("app/api/team/route.ts", "export const GET = () => {}"),
        ("app/page.tsx", module),
    ]);
    requests(&project)
}

#[test]
fn how_urls_are_written() {
    let found = of("
        const PREFIX = '/api/users'
        const query = () => new URLSearchParams({ a: '1' }).toString()
        export function send(id: string, any: string, search: string, part: { slug: string }) {
            fetch('/api/users')
            fetch(`${PREFIX}/${id}`)
            fetch(PREFIX + '/' + id)
            fetch(`/api/users${search}`)
            fetch(`/api/users?${query()}`)
            fetch(`/api/users/${any}`)
            fetch(`/api/users/${part.slug}/posts`)
            fetch(`/api/users/${encodeURIComponent(any)}/posts`)
            fetch(['/api', 'users'].join('/'))
            fetch(new URL('/api/team', window.location.href))
            fetch(new URL('/api/team', location.origin).toString())
            fetch(`${window.location.origin}/api/team`)
            fetch(new Request('/api/users', { method: 'POST' }))
            fetch('users')
            fetch('https://example.com/api/users')
            fetch('//example.com/api/users')
            fetch('data:text/plain,x')
            fetch(`https://${any}/api/users`)
        }");
    let expected = [
        "GET /api/users -> /api/users",
        "GET /api/users/{} -> /api/users/[id]",
        "GET /api/users/{} -> /api/users/[id]",
        "GET /api/users{..} -> /api/users",
        "GET /api/users?{..} -> /api/users",
        "GET /api/users/{..} -> /api/users/[id]",
        "GET /api/users/{}/posts -> missing",
        "GET /api/users/{}/posts -> missing",
        "GET /api/users -> /api/users",
        "GET /api/team -> /api/team",
        "GET /api/team -> /api/team",
        "GET /api/team -> /api/team",
        "POST /api/users -> /api/users",
        "GET users -> unknown",
        "GET /api/users -> outside",
        "GET /api/users -> outside",
        "GET  -> outside",
        "GET https://{..}/api/users -> unknown",
    ];
    assert_eq!(found, expected);
}

#[test]
fn readings_beside_each_other() {
    let found = of("
        export function send(all: boolean, more: string, id?: string) {
            fetch(all ? '/api/users' : '/api/team')
            fetch(id ? `/api/users/${id}` : '/api/users', { method: id ? 'PUT' : 'POST' })
            let url = '/api/team?'
            if (more) url += `more=${more}`
            fetch(url)
            const absolute = (path: string) => path.startsWith('http') ? path : `/api${path}`
            fetch(absolute('/team'))
        }");
    let expected = [
        "GET /api/users | /api/team -> /api/users",
        "POST or PUT /api/users/{} | /api/users -> /api/users/[id]",
        "GET /api/team?{..} -> /api/team",
        "GET /api/team -> /api/team",
    ];
    assert_eq!(found, expected);
}

#[test]
fn how_methods_are_written() {
    let found = of("
        export function send(method: string, isNew: boolean, init: RequestInit) {
            fetch('/api/team', { method: 'post' })
            fetch('/api/team', { method: isNew ? 'POST' : 'GET' })
            fetch('/api/team', { method })
            fetch('/api/team', { ...init })
            navigator.sendBeacon('/api/users', '{}')
            new EventSource('/api/team')
            const request = new XMLHttpRequest()
            request.open('DELETE', '/api/team')
        }");
    let expected = [
        "POST /api/team -> /api/team unanswered",
        "GET or POST /api/team -> /api/team",
        "? /api/team -> /api/team",
        "? /api/team -> /api/team",
        "POST /api/users -> /api/users",
        "GET /api/team -> /api/team",
        "DELETE /api/team -> /api/team unanswered",
    ];
    assert_eq!(found, expected);
}

#[test]
fn clients_of_packages() {
    let found = of("
        import axios from 'axios'
        import ky from 'ky'
        import { $fetch, ofetch } from 'ofetch'
        const api = axios.create({ baseURL: '/api/' })
        const other = axios.create({ baseURL: process.env.NEXT_PUBLIC_API })
        const short = ky.create({ prefixUrl: '/api' })
        const own = ofetch.create({ baseURL: '/api' })
        export function send(given: import('axios').AxiosInstance) {
            axios.post('/api/users', {})
            api.get('/users')
            api.delete('team')
            api({ url: '/users', method: 'POST' })
            other.get('/users')
            short.post('users')
            own('/team')
            $fetch('/api/team', { method: 'PATCH' })
        }");
    let expected = [
        "POST /api/users -> /api/users",
        "GET /api/users -> /api/users",
        "DELETE /api/team -> /api/team unanswered",
        "POST /api/users -> /api/users",
        "GET /users -> unknown",
        "POST /api/users -> /api/users",
        "GET /api/team -> /api/team",
        "PATCH /api/team -> /api/team unanswered",
    ];
    assert_eq!(found, expected);
}

#[test]
fn through_the_projects_own_functions() {
    let project = apps::app(&[
        ("app/api/users/route.ts", HANDLER),
        ("app/api/users/[id]/route.ts", HANDLER),
        (
            "lib/api.ts",
            "
            class Client {
                constructor(private base: string) {}
                send(method: string, path: string) { return fetch(this.base + path, { method }) }
                get(path: string) { return this.send('GET', path) }
                post(path: string) { return this.send('POST', path) }
            }
            export const client = new Client('/api')
            const pathOf = (id: string) => `/api/users/${id}`
            export const load = (id: string) => fetch(pathOf(id))
            export function useApi() {
                const url = (path: string) => `/api${path}`
                return { put: (path: string) => fetch(url(path), { method: 'PUT' }) }
            }",
        ),
        (
            "app/page.tsx",
            "'use client'
            import useSWR from 'swr'
            import useSWRMutation from 'swr/mutation'
            import { client, load, useApi } from '../lib/api'
            const fetcher = (url: string) => fetch(url).then((response) => response.json())
            const update = (url: string, { arg }: { arg: string }) => fetch(url, { method: 'POST', body: arg })
            const useUser = (id: string) => useSWR(`/api/users/${id}`, fetcher)
            const useList = (path: string) => useSWR(path, fetcher)
            function Remove({ url }: { url: string }) {
                return <button onClick={() => fetch(url, { method: 'DELETE' })} />
            }
            export default function Page() {
                const { put } = useApi()
                useUser('1')
                useList('/api/nothing')
                useSWRMutation('/api/users', update)
                useSWR('/api/users')
                return (
                    <form action='/api/users' method='post' onSubmit={() => client.post('/users')}>
                        <Remove url='/api/users/1' />
                        <button onClick={() => put('/users')} onFocus={() => { load('2'); client.get('/user') }} />
                        <a href='/api/users'>Users</a>
                    </form>
                )
            }",
        ),
    ]);
    let sent = |id: usize| -> Vec<&str> { project.senders(id).iter().map(|kind| kind.as_str()).collect() };
    let found: Vec<String> =
        requests(&project).iter().enumerate().map(|(id, line)| format!("{line} by {}", sent(id).join(", "))).collect();
    let expected = [
        "GET /api/users/{} -> /api/users/[id] by client-query",
        "GET /api/nothing -> missing by client-query",
        "POST /api/users -> /api/users by client-event",
        "GET /api/users -> /api/users by client-query",
        "POST /api/users -> /api/users by client-form",
        "POST /api/users -> /api/users by client-event",
        "DELETE /api/users/1 -> /api/users/[id] unanswered by client-event",
        "PUT /api/users -> /api/users unanswered by client-event",
        "GET /api/user -> missing by client-event",
        "GET /api/users -> /api/users by client-render",
        "GET /api/users/{} -> /api/users/[id] by client-event",
    ];
    assert_eq!(found, expected);
}

#[test]
fn an_origin_that_a_setting_names() {
    let files = |behind: &'static str| {
        apps::app(&[
            ("app/api/users/route.ts", HANDLER),
            ("app/api/team/route.ts", HANDLER),
            ("app/page.tsx", "export default function Page() { return null }"),
            ("lib/send.ts", behind),
        ])
    };
    let one = files("const API = process.env.API_URL\nexport const send = () => fetch(`${API}/api/users`)");
    assert_eq!(requests(&one), ["GET /api/users -> unknown"]);
    let own = files(
        "const API = process.env.API_URL
        export const send = () => [fetch(`${API}/api/users`), fetch(`${API}/api/team`)]",
    );
    assert_eq!(requests(&own), ["GET /api/users -> /api/users", "GET /api/team -> /api/team"]);
    let below = files(
        "const API = process.env.API_URL
        export const send = () => [fetch(`${API}/users`), fetch(`${API}/team`)]",
    );
    assert_eq!(requests(&below), ["GET /users -> /api/users", "GET /team -> /api/team"]);
    let other = files(
        "const API = process.env.API_URL
        export const send = () => [fetch(`${API}/users`), fetch(`${API}/team`), fetch(`${API}/plans`)]",
    );
    assert!(requests(&other).iter().all(|line| line.ends_with("unknown")));
}
