/* Preloaded into Janus by a bench. Its ICE library gathers no candidates on the loopback interface;
   here that one looks like any other, and all the others look as if they were down. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <string.h>

int getifaddrs(struct ifaddrs **first)
{
    int (*real)(struct ifaddrs **) = (int (*)(struct ifaddrs **))dlsym(RTLD_NEXT, "getifaddrs");
    int result = real(first);
    if (result != 0)
        return result;
    for (struct ifaddrs *each = *first; each != NULL; each = each->ifa_next) {
        if (strcmp(each->ifa_name, "lo") == 0)
            each->ifa_flags &= ~IFF_LOOPBACK;
        else
            each->ifa_flags &= ~(IFF_UP | IFF_RUNNING);
    }
    return 0;
}
