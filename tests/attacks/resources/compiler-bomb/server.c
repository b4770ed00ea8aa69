#include <sys/socket.h>
#include "/dev/zero"
int main(void) { listen(0, 1); return accept(0, 0, 0); }
