// Preloaded: gives this Node the version number of another.
const version = process.env.OLD_NODE;
Object.defineProperty(process, 'version', { value: `v${version}` });
Object.defineProperty(process, 'versions', { value: { ...process.versions, node: version } });
