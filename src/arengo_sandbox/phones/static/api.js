/* The sandbox's control API, as documented in docs/sandbox.md. */

async function ask(method, path, body) {
  const options = { method };
  if (body instanceof FormData) options.body = body;
  else if (body !== undefined) {
    options.body = JSON.stringify(body);
    options.headers = { "Content-Type": "application/json" };
  }
  const answer = await fetch(`/sandbox${path}`, options);
  const result = await answer.json();
  if (!answer.ok) throw new Error(result.error || `HTTP ${answer.status}`);
  return result;
}

export const account = () => ask("GET", "/account");
export const people = async () => (await ask("GET", "/people?limit=60")).people;
export const person = (id) => ask("GET", `/people/${id}`);
export const makePerson = async () => (await ask("POST", "/people", { name: "Nuova persona di prova", automatic: false })).people[0];
export const change = (id, what) => ask("PATCH", `/people/${id}`, what);
export const messages = async (id) => (await ask("GET", `/people/${id}/messages`)).messages;
export const write = (id, message) => ask("POST", `/people/${id}/messages`, message);
export const markRead = (id, number) => ask("POST", `/people/${id}/read`, { to: number });
export const marketing = (id, wish) => ask("POST", `/people/${id}/preferences`, { marketing: wish });

export const responder = () => ask("GET", "/responder");
export const setResponder = (wishes) => ask("POST", "/responder", wishes);
export const handOver = (id) => ask("POST", `/people/${id}/handover`, {});

export function keepFile(id, file) {
  const form = new FormData();
  form.append("file", file, file.name);
  return ask("POST", `/people/${id}/media`, form);
}
