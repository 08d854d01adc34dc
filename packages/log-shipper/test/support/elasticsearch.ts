import { type ReceivedRecord, type ReceivedRequest, Receiver, type Reply } from './receiver.ts';

/** Answer for a document in place of 201; undefined if it is accepted. */
export type ItemFault = { readonly status: number; readonly type: string } | undefined;

/** A fake Elasticsearch with one data stream and a strict `_bulk`. */
export class FakeElasticsearch implements AsyncDisposable {
  readonly receiver: Receiver;
  /** Documents by id, in order of arrival. */
  readonly documents = new Map<string, ReceivedRecord>();
  /** Query parameters of each request. */
  readonly queries: URLSearchParams[] = [];
  itemFault: (document: ReceivedRecord) => ItemFault = () => undefined;
  /** Replaces the answer to a request before it is parsed; `after` replaces it afterwards. */
  before: (request: ReceivedRequest) => Reply | undefined = () => undefined;
  after: (answer: string) => Reply = (body) => ({ status: 200, body });
  readonly faults: unknown[] = [];

  private constructor(receiver: Receiver) {
    this.receiver = receiver;
    receiver.read = () => [];
    receiver.behaviour = (request) => this.before(request) ?? this.#bulk(request);
  }

  static async start(): Promise<FakeElasticsearch> {
    return new FakeElasticsearch(await Receiver.start());
  }

  get url(): string {
    return `elasticsearch+http://127.0.0.1:${this.receiver.port}/logs-app-default`;
  }

  get records(): ReceivedRecord[] {
    return [...this.documents.values()];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.receiver[Symbol.asyncDispose]();
  }

  #bulk({ path, headers, lines, body }: ReceivedRequest): Reply {
    const url = new URL(path, 'http://h');
    this.queries.push(url.searchParams);
    const isRight =
      url.pathname === '/logs-app-default/_bulk' &&
      headers['content-type'] === 'application/x-ndjson' &&
      body.at(-1) === 0x0a &&
      lines.length % 2 === 0;
    if (!isRight) {
      this.faults.push(path);
      return 400;
    }
    const items = lines.flatMap((action, index) =>
      index % 2 === 0 ? [this.#create(JSON.parse(action), lines[index + 1] ?? '')] : [],
    );
    return this.after(JSON.stringify({ errors: items.some(({ create }) => 'error' in create), items }));
  }

  #create(action: { create: { _id: string } }, text: string) {
    const id = action.create._id;
    const document = JSON.parse(text);
    if (id.length < 10 || Number.isNaN(Date.parse(document['@timestamp'])))
      this.faults.push(action, document);
    const fault = this.documents.has(id)
      ? { status: 409, type: 'version_conflict_engine_exception' }
      : this.itemFault(document);
    if (fault === undefined) {
      this.documents.set(id, document);
      return { create: { status: 201 } };
    }
    const { status, type } = fault;
    return { create: { status, error: { type, reason: `because of ${text.slice(0, 30)}` } } };
  }
}
