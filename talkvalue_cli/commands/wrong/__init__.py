"""What a wrong command line may mean; loaded when there is one."""
