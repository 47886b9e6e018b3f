################################################################################
#
# runt-example
#
################################################################################

RUNT_EXAMPLE_VERSION = 0.1.0
RUNT_EXAMPLE_SITE = $(RUNT_EXAMPLE_PKGDIR)/bundle
RUNT_EXAMPLE_SITE_METHOD = local
RUNT_EXAMPLE_LICENSE = Apache-2.0
RUNT_EXAMPLE_BUNDLE = $(TARGET_DIR)/etc/runt/example

# The mount points have to be there: a root that is read-only stays as it is.
define RUNT_EXAMPLE_INSTALL_TARGET_CMDS
	$(INSTALL) -D -m 0644 $(@D)/config.json \
		$(RUNT_EXAMPLE_BUNDLE)/config.json
	$(INSTALL) -d $(addprefix $(RUNT_EXAMPLE_BUNDLE)/rootfs/,bin dev lib \
		proc sbin sys tmp usr)
	ln -sfn lib $(RUNT_EXAMPLE_BUNDLE)/rootfs/lib64
endef

$(eval $(generic-package))
