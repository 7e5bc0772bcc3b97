// JDBC URLs, taken apart and refused.
import { describe, expect, it } from 'vitest';
import { parseJdbcUrl } from './jdbc-url.js';

describe('a JDBC URL', () => {
  it.each([
    ['jdbc:postgresql://db.example.com:6432/shop', ['postgresql', 'db.example.com', 6432, 'shop']],
    ['jdbc:postgresql://db/shop', ['postgresql', 'db', 5432, 'shop']],
    ['jdbc:mysql://db/shop', ['mysql', 'db', 3306, 'shop']],
    ['jdbc:mariadb://10.0.0.7:3307/shop', ['mysql', '10.0.0.7', 3307, 'shop']],
    ['JDBC:PostgreSQL://[::1]:5432/shop', ['postgresql', '::1', 5432, 'shop']],
    ['jdbc:postgresql://db/my%20shop?ssl=true', ['postgresql', 'db', 5432, 'my shop']],
    ['jdbc:postgresql://db/100%', ['postgresql', 'db', 5432, '100%']],
    ['jdbc:postgresql://db/%E5%BA%97', ['postgresql', 'db', 5432, '店']],
  ] as const)('%s is taken apart', (url, [engine, host, port, database]) => {
    expect(parseJdbcUrl(url, 'It')).toMatchObject({ engine, host, port, database });
  });

  it('has parameters, unescaped', () => {
    const { parameters } = parseJdbcUrl('jdbc:mysql://db/shop?useSSL=true&&sslMode=&x=a%26b=c', 'It');
    expect([...parameters]).toEqual([
      ['useSSL', 'true'],
      ['sslMode', ''],
      ['x', 'a&b=c'],
    ]);
  });

  it.each([
    ['jdbc:postgresql://db:5432', 'none of jdbc:postgresql://HOST:PORT/DATABASE'],
    ['jdbc:postgresql://db:0/shop', 'none of'],
    ['jdbc:postgresql://db:70000/shop', 'none of'],
    ['jdbc:postgresql://one,two/shop', 'none of'],
    ['jdbc:postgresql:shop', 'none of'],
    ['postgresql://db/shop', 'none of'],
    ['jdbc:oracle:thin:@//db:1521/shop', 'It is for oracle; PostgreSQL, MySQL and MariaDB can be reached'],
    ['', 'none of'],
  ])('%s is refused', (url, message) => {
    expect(() => parseJdbcUrl(url, 'It')).toThrow(message);
  });

  it('keeps what stands behind the question mark out of messages', () => {
    expect(() => parseJdbcUrl('jdbc:mysql:shop?password=secret', 'It')).toThrow(/^(?!.*secret)/);
  });
});
