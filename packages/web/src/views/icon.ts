/** The icon of the page: a pod with its containers. */
export const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect x="2" y="2" width="28" height="28" rx="9" fill="#1d4f91"/><rect x="7" y="8" width="7" height="16" rx="2.5" fill="#fff"/><circle cx="21" cy="10" r="3" fill="#4fd0c0"/><circle cx="21" cy="16" r="3" fill="#b39bff"/><circle cx="21" cy="22" r="3" fill="#f0b35a"/></svg>
`;
