// @ts-check

const find = (selector) => document.querySelector(selector);

function setText(selector, text) {
  const element = find(selector);
  if (element.textContent !== text) element.textContent = text;
}

// --- the picture, which the server draws ---

/** Turns `old` into `next` and changes only the differences, so that focus, selection and motion are kept. */
function become(old, next) {
  if (old.nodeName !== next.nodeName) return old.replaceWith(next);
  if (old.nodeType === Node.TEXT_NODE) {
    if (old.data !== next.data) old.data = next.data;
    return undefined;
  }
  for (const { name } of [...old.attributes]) if (!next.hasAttribute(name)) old.removeAttribute(name);
  for (const { name, value } of next.attributes)
    if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  const [before, after] = [[...old.childNodes], [...next.childNodes]];
  for (const extra of before.slice(after.length)) extra.remove();
  after.forEach((child, index) => {
    if (index < before.length) become(before[index], child);
    else old.append(child);
  });
  return undefined;
}

const cards = () => [...document.querySelectorAll('[data-container]')];

function show(markup) {
  const before = new Map(cards().map(({ dataset }) => [dataset.container, dataset.state]));
  const template = document.createElement('template');
  template.innerHTML = markup;
  become(find('[data-picture]').firstElementChild, template.content.firstElementChild);
  // announce only changes of state
  for (const card of cards()) {
    const { container, state } = card.dataset;
    if ([state, undefined].includes(before.get(container))) continue;
    setText('[data-announce]', `${container} is ${state}: ${card.querySelector('.summary').textContent}`);
  }
  pulse('live', 'live');
}

function pulse(state, text) {
  find('[data-pulse]').dataset.pulse = state;
  document.body.dataset.live = state;
  setText('[data-pulse-text]', text);
}

function listen() {
  const stream = new EventSource('/picture');
  stream.addEventListener('picture', ({ data }) => show(data));
  stream.addEventListener('error', () => {
    pulse('lost', 'reconnecting');
    // closed permanently, for example by an error status: the browser does not reconnect by itself
    if (stream.readyState === EventSource.CLOSED) setTimeout(listen, 5000);
  });
}

// --- the buttons ---

async function make(what) {
  try {
    const answer = await fetch(`/api/make/${what}`, { method: 'POST' });
    return (await answer.json()).said;
  } catch {
    return 'No answer.';
  }
}

/** A button that is busy stays where the focus is, so it is not disabled. */
async function press({ currentTarget: button }) {
  if (button.ariaDisabled === 'true') return;
  button.ariaDisabled = 'true';
  setText('[data-outcome]', 'Sending …');
  setText('[data-outcome]', await make(button.dataset.make));
  button.ariaDisabled = 'false';
}

let traffic;
let underWay = 0;

async function oneMore() {
  // send no further requests to a hanging application
  if (underWay >= 4) return;
  underWay++;
  const said = await make('steady');
  underWay--;
  if (traffic !== undefined) setText('[data-outcome]', said);
}

function toggleTraffic({ currentTarget: button }) {
  clearInterval(traffic);
  traffic = traffic === undefined ? setInterval(oneMore, 60) : undefined;
  button.ariaPressed = String(traffic !== undefined);
  if (traffic === undefined) setText('[data-outcome]', 'The traffic has stopped.');
}

for (const button of document.querySelectorAll('[data-make]'))
  button.addEventListener('click', button.dataset.make === 'steady' ? toggleTraffic : press);
if (find('[data-actions]').dataset.actions === 'true') find('[data-actions]').hidden = false;
listen();
