// Loaded into a server with --import: tells the parent process, whenever it sends a message, how much processor time the
// server has used so far, in all its threads.
process.on('message', () => {
  const { user, system } = process.cpuUsage();
  process.send({ usedMs: (user + system) / 1000 });
});
process.channel.unref();
