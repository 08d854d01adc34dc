import { readAsset } from './read-asset.ts';

/** The files of the page. */
export const assets = {
  html: readAsset('page.html'),
  css: readAsset('page.css'),
  js: readAsset('page.js'),
  icon: readAsset('icon.svg'),
} as const;
