// What an account sets for its catalog as a whole: encryption settings, and security configurations by name.
import type { DataCatalogEncryptionSettings, SecurityConfiguration } from '@aws-sdk/client-glue';
import { openDocuments } from '../state/documents.js';
import type { CatalogContext } from './catalog-context.js';
import { openNamedResources, type NamedResources } from './named-resource.js';

export interface AccountSettings {
  encryption(): DataCatalogEncryptionSettings;
  putEncryption(settings: DataCatalogEncryptionSettings): void;
  securityConfigurations: NamedResources<SecurityConfiguration>;
}

const UNENCRYPTED: DataCatalogEncryptionSettings = {
  EncryptionAtRest: { CatalogEncryptionMode: 'DISABLED' },
  ConnectionPasswordEncryption: { ReturnConnectionPasswordEncrypted: false },
};

/** They are kept and answered; nothing here encrypts by them. */
export function openAccountSettings({ state }: CatalogContext): AccountSettings {
  const settings = openDocuments<DataCatalogEncryptionSettings>(state, 'catalog-encryption');
  return {
    encryption: () => ({ ...UNENCRYPTED, ...settings.get('') }),
    putEncryption: (given) => settings.put('', given),
    securityConfigurations: openNamedResources(state, 'security-configuration', 'Security configuration'),
  };
}
