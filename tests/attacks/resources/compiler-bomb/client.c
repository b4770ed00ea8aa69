#include <sys/socket.h>
int main(void) { return connect(0, 0, 0); }
