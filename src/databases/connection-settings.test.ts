// What Glue connections say, and what of it is refused.
import { describe, expect, it } from 'vitest';
import { connectionSettings } from './connection-settings.js';

const settingsOf = (properties: Record<string, string>, ConnectionType: 'JDBC' | 'KAFKA' = 'JDBC') =>
  connectionSettings({
    Name: 'shop',
    ConnectionType,
    ConnectionProperties: {
      JDBC_CONNECTION_URL: 'jdbc:postgresql://db/shop',
      USERNAME: 'reader',
      PASSWORD: 'hunter2',
      ...properties,
    },
  });
const url = (JDBC_CONNECTION_URL: string) => ({ JDBC_CONNECTION_URL });

describe('a Glue connection', () => {
  it.each([
    ['jdbc:postgresql://db/shop', 'prefer'],
    ['jdbc:postgresql://db/shop?ssl=true', 'verify-full'],
    ['jdbc:postgresql://db/shop?ssl=true&sslmode=require', 'require'],
    ['jdbc:postgresql://db/shop?sslmode=disable', 'off'],
    ['jdbc:postgresql://db/shop?sslmode=verify-ca&ApplicationName=x&tcpKeepAlive=true', 'verify-ca'],
    ['jdbc:mysql://db/shop', 'prefer'],
    ['jdbc:mysql://db/shop?useSSL=false', 'off'],
    ['jdbc:mysql://db/shop?useSSL=true', 'require'],
    ['jdbc:mysql://db/shop?requireSSL=true', 'require'],
    ['jdbc:mysql://db/shop?useSSL=true&verifyServerCertificate=true', 'verify-ca'],
    ['jdbc:mysql://db/shop?sslMode=VERIFY_IDENTITY', 'verify-full'],
    ['jdbc:mariadb://db/shop?sslMode=trust', 'require'],
  ])('at %s is encrypted as its driver would: %s', (address, tls) => {
    expect(settingsOf(url(address)).tls).toBe(tls);
  });

  it('with JDBC_ENFORCE_SSL has certificate and host name verified, whatever its URL says', () => {
    const enforced = { ...url('jdbc:mysql://db/shop?useSSL=false'), JDBC_ENFORCE_SSL: 'True' };
    expect(settingsOf({ ...enforced, CUSTOM_JDBC_CERT: 's3://certs/ca.pem' })).toMatchObject({
      tls: 'verify-full',
      certificateUri: 's3://certs/ca.pem',
    });
  });

  it.each([
    ['EXCEPTION', 'fail'],
    ['CONVERT_TO_NULL', 'null'],
    ['convertToNull', 'null'],
  ])('says with zeroDateTimeBehavior=%s what becomes of zero dates: %s', (behaviour, policy) => {
    const address = `jdbc:mysql://db/shop?zeroDateTimeBehavior=${behaviour}`;
    expect(settingsOf(url(address)).zeroDates).toBe(policy);
  });

  it.each<[string, Record<string, string>, string]>([
    [
      'a secret',
      { SECRET_ID: 'arn:secret' },
      'SECRET_ID is not supported: secrets of Secrets Manager are not read',
    ],
    ['an encrypted password', { ENCRYPTED_PASSWORD: 'x' }, 'ENCRYPTED_PASSWORD is not supported'],
    ['a driver of its own', { JDBC_DRIVER_JAR_URI: 's3://x/y.jar' }, 'JDBC_DRIVER_JAR_URI is not supported'],
    ['no user', { USERNAME: '' }, 'it has no USERNAME'],
    [
      'no word for a switch',
      { JDBC_ENFORCE_SSL: 'yes' },
      'JDBC_ENFORCE_SSL is "yes"; true and false are allowed',
    ],
    ['a password in its URL', url('jdbc:mysql://db/shop?password=x'), 'the parameter password of its'],
    [
      'a certificate in its URL',
      url('jdbc:postgresql://db/shop?sslrootcert=/x'),
      'the parameter sslrootcert',
    ],
    ['an unknown sslmode', url('jdbc:postgresql://db/shop?sslmode=maybe'), 'sslmode "maybe"'],
    [
      'rounded zero dates',
      url('jdbc:mysql://db/shop?zeroDateTimeBehavior=ROUND'),
      'zeroDateTimeBehavior ROUND',
    ],
    ['another database', url('jdbc:sqlserver://db:1433;databaseName=x'), 'is for sqlserver'],
  ])('with %s is refused by name', (_, properties, message) => {
    expect(() => settingsOf(properties)).toThrow(message);
    expect(() => settingsOf(properties)).toThrow(/^Connection shop: /);
    expect(() => settingsOf(properties)).toThrow(/^(?!.*hunter2)/);
  });

  it('of another type is refused', () => {
    expect(() => settingsOf({}, 'KAFKA')).toThrow('it is of type KAFKA');
  });

  it('passes over properties that are empty', () => {
    expect(settingsOf({ SECRET_ID: '', CUSTOM_JDBC_CERT: '' }).certificateUri).toBeUndefined();
  });
});
