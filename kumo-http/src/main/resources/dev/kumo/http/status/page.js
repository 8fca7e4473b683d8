// The status page. All that a stranger may have written becomes text, never markup.
const find = id => document.getElementById(id);

function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in element) element[name] = value; else element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

/** Sets text only where it changes, so that what is selected, focused or read aloud stays. */
function text(element, value) {
  if (element.textContent !== String(value)) element.textContent = value;
}

/** Makes the children of a parent fit a list: those of keys that stay are kept and changed. */
function keep(parent, items, key, create, change) {
  const old = new Map([...parent.children].map(child => [child.dataset.key, child]));
  let at = parent.firstElementChild;
  for (const item of items) {
    const name = key(item);
    let child = old.get(name);
    if (child) {
      old.delete(name);
    } else {
      child = create(item);
      child.dataset.key = name;
    }
    change(child, item);
    if (child === at) at = at.nextElementSibling; else parent.insertBefore(child, at);
  }
  for (const child of old.values()) child.remove();
}

// ---- numbers and times, by the clock of the server ----

let now = Date.now();
const number = new Intl.NumberFormat('en');
const clock = new Intl.DateTimeFormat('en-GB', {hour: '2-digit', minute: '2-digit', second: '2-digit'});

function span(milliseconds) {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 86400) return `${Math.floor(seconds / 3600)} h ${Math.floor(seconds % 3600 / 60)} min`;
  return `${Math.floor(seconds / 86400)} d ${Math.floor(seconds % 86400 / 3600)} h`;
}
const ago = at => at ? span(now - Date.parse(at)) : '–';
const until = at => at ? (Date.parse(at) <= now ? 'now' : `in ${span(Date.parse(at) - now)}`) : '–';

// ---- throughput ----

const KINDS = ['received', 'delivered', 'deferred', 'failed'];
const PEAK_STEPS = [1, 1.5, 2, 3, 4, 5, 6, 8];

function peakOf(highest) {
  for (let power = 1; ; power *= 10) {
    for (const step of PEAK_STEPS) if (step * power >= highest) return step * power;
  }
}

function line(counts, peak) {
  if (counts.every(count => count === 0)) return '';
  const step = 600 / (counts.length - 1);
  return counts.map((count, i) => `${i ? 'L' : 'M'}${(i * step).toFixed(1)} ${(120 - 116 * count / peak).toFixed(1)}`).join('');
}

function smooth(counts) {
  return counts.map((count, i) => {
    const near = counts.slice(Math.max(0, i - 2), i + 1);
    return near.reduce((a, b) => a + b) / near.length;
  });
}

function path(name) {
  let element = find('chart').querySelector(`[data-name=${name}]`);
  if (!element) {
    element = document.createElementNS('http://www.w3.org/2000/svg', 'path');
    element.dataset.name = name;
    element.setAttribute('class', name);
    find('chart').append(element);
  }
  return element;
}

function throughput(flow) {
  const lines = KINDS.map(kind => smooth(flow[kind]));
  const peak = peakOf(Math.max(1, ...lines.flat()));
  path('grid').setAttribute('d', 'M0 4H600M0 62H600M0 120H600');
  const top = line(lines[0], peak);
  path('area').setAttribute('d', top && `${top}L600 120L0 120Z`);
  KINDS.forEach((kind, i) => path(kind).setAttribute('d', line(lines[i], peak)));
  text(find('peak'), `${number.format(peak)}/s`);
  const last = kind => flow[kind].slice(-5).reduce((a, b) => a + b) / 5;
  text(find('chart-text'), `Messages a second over two minutes, at most ${number.format(peak)}; now `
    + KINDS.map(kind => `${last(kind).toFixed(1)} ${kind}`).join(', '));
  keep(find('rates'), KINDS, kind => kind,
    kind => make('div', {className: kind}, make('dt', {textContent: kind}), make('dd', {}, make('span'), make('small'))),
    (element, kind) => {
      const rate = last(kind);
      text(element.querySelector('span'), `${rate >= 10 || rate === 0 ? Math.round(rate) : rate.toFixed(1)}/s`);
      text(element.querySelector('small'), `${number.format(flow.totals[kind])} in all`);
    });
}

// ---- tables ----

function row(labels) {
  return make('tr', {}, make('th', {scope: 'row'}, make('span'), make('small', {className: 'held'})),
    ...labels.map(label => make('td', {className: 'number', 'data-label': label})), make('td', {}, make('button', {type: 'button'})));
}

function fill(element, name, suspension, cells, order) {
  text(element.querySelector('th span'), name);
  text(element.querySelector('.held'), suspension ? `suspended, ends ${until(suspension.until)}: ${suspension.reason}` : '');
  cells.forEach((cell, i) => text(element.children[i + 1], cell));
  const button = element.querySelector('button');
  const others = suspension && suspension.of !== name ? ` ${suspension.of}` : '';
  text(button, suspension ? `Resume${others}` : 'Suspend');
  button.setAttribute('aria-label', suspension ? `Resume ${suspension.of}` : `Suspend ${name}`);
  button.onclick = () => suspension ? resume(suspension) : ask(name, order);
}

function queues(state) {
  const shown = state.queues?.shown ?? [];
  find('queue-table').hidden = shown.length === 0;
  find('queue-note').hidden = shown.length > 0;
  text(find('queue-note'), state.queues ? 'Nothing waits.' : 'This MTA has no queues: it delivers before it answers.');
  const more = state.queues && state.queues.count > shown.length ? `, the ${shown.length} deepest of ${number.format(state.queues.count)}` : '';
  text(find('queues-count'), state.queues?.messages ? `${number.format(state.queues.messages)} messages${more}` : '');
  keep(find('queue-table').tBodies[0], shown, queue => queue.name, () => row(['depth', 'due', 'oldest', 'next try']),
    (element, queue) => fill(element, queue.name, queue.suspension,
      [number.format(queue.waiting + queue.due), number.format(queue.due), ago(queue.oldest), until(queue.next_due)], 'suspend'));

  const ready = (state.ready ?? []).filter(queue => queue.ready + queue.in_flight + queue.connections + queue.failures > 0 || queue.suspension);
  find('ready-table').hidden = ready.length === 0;
  keep(find('ready-table').tBodies[0], ready, queue => queue.name, () => row(['ready', 'in flight', 'connections', 'failures']),
    (element, queue) => fill(element, queue.name, queue.suspension,
      [queue.ready, queue.in_flight, `${queue.connections} of ${number.format(queue.connection_limit)}`, queue.failures].map(String), 'suspend-ready-q'));

  const visible = new Set([...shown, ...ready].map(queue => queue.suspension?.id));
  const orders = (state.suspensions ?? []).filter(order => !visible.has(order.id));
  find('order-table').hidden = orders.length === 0;
  keep(find('order-table').tBodies[0], orders, order => order.id, () => {
      const made = row(['reason', 'ends']);
      made.children[1].className = 'words';
      return made;
    },
    (element, order) => {
      fill(element, order.of, null, [order.reason, until(order.until)], '');
      const button = element.querySelector('button');
      text(button, 'Resume');
      button.setAttribute('aria-label', `Resume ${order.of}`);
      button.onclick = () => resume(order);
    });
}

function doors(state) {
  const cells = () => make('tr', {}, make('th', {scope: 'row'}), make('td'), make('td'));
  const change = (element, values) => values.forEach((value, i) => text(element.children[i], value));
  keep(find('listener-table').tBodies[0], state.listeners, door => `${door.protocol} ${door.address}`, cells,
    (element, door) => change(element, [door.protocol, door.address ?? 'closed', number.format(door.connections)]));
  const total = state.listeners.reduce((sum, door) => sum + door.connections, 0);
  text(find('sessions-count'), total > state.sessions.length ? `${number.format(total)}, some of them` : number.format(total));
  keep(find('session-table').tBodies[0], state.sessions, session => `${session.client} ${session.since}`, cells,
    (element, session) => change(element, [session.protocol, session.client, ago(session.since)]));
}

// ---- messages ----

const FATES = {
  Reception: ['taken', 'Received'], Delivery: ['delivered', 'Delivered'], TransientFailure: ['waiting', 'Deferred'],
  Delayed: ['waiting', 'Delayed'], AdminRebind: ['waiting', 'Moved'], Bounce: ['failed', 'Bounced'], Expiration: ['failed', 'Expired'],
  AdminBounce: ['failed', 'Removed'], Feedback: ['taken', 'Complaint'], OOB: ['taken', 'Bounce report'],
};
const fate = type => FATES[type] ?? ['taken', type];

function messages(state) {
  keep(find('messages'), state.messages, message => message.id,
    () => make('li', {}, make('details', {},
      make('summary', {}, ...['time', 'from', 'to', 'fate'].map(name => make('span', {className: name}))),
      make('div', {className: 'life'}, make('ol'), make('p')))),
    (element, message) => {
      const last = message.life.at(-1);
      const [time, from, to, state] = element.querySelector('summary').children;
      text(time, clock.format(Date.parse(last.at)));
      text(from, message.sender || '<>');
      text(to, message.recipients.join(', ') + (message.more_recipients ? ` and ${message.more_recipients} more` : ''));
      text(state, fate(last.type)[1]);
      state.dataset.fate = fate(last.type)[0];
      keep(element.querySelector('ol'), message.life, step => `${step.at} ${step.type}`,
        () => make('li', {}, make('time'), make('b'), make('span')),
        (line, step) => {
          text(line.children[0], clock.format(Date.parse(step.at)));
          text(line.children[1], fate(step.type)[1]);
          text(line.children[2], [step.reply, step.peer && `(${step.peer})`].filter(Boolean).join(' '));
        });
      const left = message.left_out ? `, ${message.left_out} steps left out` : '';
      text(element.querySelector('p'), `${message.id} in ${message.queue}, ${number.format(message.size)} bytes${left}`);
    });
  const empty = state.messages.length === 0;
  find('first-mail').hidden = !empty;
  if (empty) firstMail(state);
}

function firstMail(state) {
  const smtp = state.listeners.find(door => door.protocol === 'ESMTP')?.address;
  find('first-smtp').hidden = !smtp;
  text(find('first-smtp'), `swaks --server ${smtp} --from me@example.com --to you@example.org`);
  text(find('first-http'), `curl ${new URL('api/inject/v1', location.href)} --json `
    + `'{"envelope_sender": "me@example.com", "recipients": [{"email": "you@example.org"}], `
    + `"content": {"subject": "Hi", "text_body": "Hello"}}'`);
}

// ---- orders ----

let forget;
function say(words) {
  text(find('said'), words);
  clearTimeout(forget);
  forget = setTimeout(() => text(find('said'), ''), 6000);
}

async function send(method, order, body, done) {
  try {
    const answer = await fetch(`api/admin/${order}/v1`, {
      method, headers: {'Content-Type': 'application/json'}, body: JSON.stringify(body),
    });
    const problem = answer.ok ? null : (await answer.json().catch(() => ({}))).detail ?? answer.statusText;
    say(problem ? `That was refused: ${problem}` : done);
  } catch {
    say('The server cannot be reached.');
  }
}

const dialog = find('suspend');
let asked;

function ask(name, order) {
  asked = {name, order};
  text(find('suspend-what'), name);
  dialog.showModal();
  find('suspend-reason').select();
}

find('suspend-cancel').onclick = () => dialog.close();
dialog.querySelector('form').onsubmit = event => {
  event.preventDefault();
  dialog.close();
  const which = asked.order === 'suspend' ? {queue_names: [asked.name]} : {name: asked.name};
  const order = {...which, reason: find('suspend-reason').value.trim(), duration: find('suspend-time').value};
  send('POST', asked.order, order, `${asked.name} is suspended.`);
};

function resume(order) {
  send('DELETE', order.ready ? 'suspend-ready-q' : 'suspend', {id: order.id}, `${order.of} goes on.`);
}

// ---- the stream ----

let stream;
let again;

function connected(state, words) {
  find('connection').dataset.state = state;
  text(find('connection'), words);
}

function watch() {
  clearTimeout(again);
  stream?.close();
  stream = new EventSource('api/live/v1');
  stream.onmessage = event => {
    const state = JSON.parse(event.data);
    now = Date.parse(state.at);
    connected('live', 'live');
    document.title = `${state.hostname} · Kumo`;
    text(find('hostname'), state.hostname);
    throughput(state.throughput);
    queues(state);
    doors(state);
    messages(state);
  };
  stream.onerror = () => {
    connected('lost', 'no connection, trying again');
    if (stream.readyState === EventSource.CLOSED) again = setTimeout(watch, 3000);
  };
}

// A page that nobody sees need not be told anything.
document.addEventListener('visibilitychange', () => {
  if (document.hidden) {
    clearTimeout(again);
    stream?.close();
  } else {
    watch();
  }
});
watch();
