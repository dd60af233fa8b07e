/* Tell the service manager how things are: systemd's sd_notify protocol, one datagram to
 * $NOTIFY_SOCKET.  Without one nothing happens; a failure does not matter. */
#ifndef REBUT_CMD_NOTIFY_H
#define REBUT_CMD_NOTIFY_H

/* "READY=1", "STOPPING=1", "WATCHDOG=1", "RELOADING=1". */
void rebut_notify(const char *message);

#endif
