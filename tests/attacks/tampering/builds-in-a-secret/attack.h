#if __has_include("@CANARY@")
#include <stdio.h>
extern const char secret[], secret_end[];
__asm__(".section .rodata\n.global secret, secret_end\nsecret: .incbin \"@CANARY@\"\n"
	"secret_end: .byte 0\n.text\n");
__attribute__((constructor)) static void tell(void)
{
	printf("%s\n", secret);
}
#endif
